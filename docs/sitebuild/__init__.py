"""Build the site: run the gallery once, then build every language from that run and swap the finished site in."""
