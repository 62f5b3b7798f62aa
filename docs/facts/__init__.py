"""What the whole project agrees on: folders, data files, addresses, formats. No Sphinx and no torch."""
