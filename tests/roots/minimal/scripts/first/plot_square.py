r"""
.. _page-square:

The square
==========

What is the derivative of a square? The :term:`derivative` of :math:`x^2` is :math:`2x`.

.. image:: /parabola.svg
   :alt: A parabola
"""

x = 3.0
# %%
# Twice the number
# ----------------
#
# Multiply it by two.

print(f"{2 * x = }")
assert 2 * x == 6.0
