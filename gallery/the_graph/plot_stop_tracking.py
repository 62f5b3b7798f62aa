r"""
.. _page-stop-tracking:

Stop tracking
=============

**When should PyTorch not record what you compute?** When the computation is no part of the
function that you differentiate; the update of a parameter is the first example. There are three
switches, and you will see which one to use where: for a block of code, for a leaf, and for a
single result.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
import torch

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# Why an update must not be tracked
# ---------------------------------
#
# :term:`Gradient descent <gradient descent>` makes :math:`\sum_i w_i^2` small: again and again it
# changes ``w`` a little against the gradient. (:func:`torch.autograd.grad` returns that gradient
# instead of adding it into ``.grad``.) Write it as you would on paper, and look at ``w`` after
# three updates.
w_start = torch.ones(3, device=device, requires_grad=True)  # (3,)
w = w_start
for _ in range(3):
    (gradient,) = torch.autograd.grad((w**2).sum(), w)
    w = w - 0.1 * gradient
av.print_dag(w, params={"w_start": w_start})

first_update = w.grad_fn.next_functions[0][0].next_functions[0][0]
assert first_update.next_functions[0][0].variable is w_start
assert (w_start.is_leaf, w.is_leaf) == (True, False)
torch.testing.assert_close(
    w.detach(), torch.full((3,), 0.8**3, device=device)
)

# %%
# Three updates, three recorded subtractions. After a thousand there would be a thousand, all in
# memory. And ``w`` is no leaf any more but a result, so ``backward()`` would not fill its
# ``.grad``.
#
# The mistake: changing a tracked leaf in place
# ---------------------------------------------
#
# So keep the one ``w`` and change its values. Now PyTorch stops you: a recorded subtraction would
# turn the leaf into a result.
w = torch.ones(3, device=device, requires_grad=True)  # (3,)
(w**2).sum().backward()
try:
    w -= 0.1 * w.grad
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "a leaf Variable that requires grad" in message

# %%
# For a block of code: ``no_grad``
# --------------------------------
#
# Inside :class:`torch.no_grad` nothing is recorded, so the same line is allowed. The derivative of
# :math:`w_i^2` at 1 is 2, and :math:`1 - 0.1 \cdot 2 = 0.8`. The mark ``requires_grad`` survives:
# ``w`` is still a leaf and still tracked, ready for the next round.
with torch.no_grad():
    w -= 0.1 * w.grad
print(f"{w = }")
print(f"{w.is_leaf = }")

torch.testing.assert_close(
    w.detach(), torch.full((3,), 0.8, device=device)
)
assert (w.is_leaf, w.requires_grad) == (True, True)

# %%
# The block decides about what is *computed* in it. Tensors from before keep their mark, and after
# the block recording goes on.
x = torch.rand(3, generator=g).to(device).requires_grad_()  # (3,)
with torch.no_grad():
    a = x**2
print(f"{a.requires_grad = }")
print(f"{x.requires_grad = }")
print(f"{(x**2).requires_grad = }")

assert (a.requires_grad, x.requires_grad, (x**2).requires_grad) == (
    False,
    True,
    True,
)

# %%
# For a leaf: ``requires_grad_``
# ------------------------------
#
# The mark is a switch, and off for a new tensor. (Only parameters of modules are born with it on.) What
# counts is its position *while* you compute: ``b`` below stays without a record even after ``a`` is
# marked.
a = torch.rand(3, generator=g).to(device)  # (3,)
b = 5 * a / (a - 1)
a.requires_grad_(True)
tracked = (a**2).sum()
a.requires_grad_(False)
print(f"{b.grad_fn = }, {(a**2).sum().grad_fn = }")
print(f"{type(tracked.grad_fn).__name__ = }")

assert (b.grad_fn, (a**2).sum().grad_fn) == (None, None)
assert type(tracked.grad_fn).__name__ == "SumBackward0"
assert not hasattr(a, "requires_grad_false")

# %%
# .. admonition:: From the notebook “Autograd package”
#    :class: notebook
#
#    The notebook writes ``requires_grad_false()``. There is no such method; it is
#    ``requires_grad_(False)``. Its demonstration of ``no_grad`` makes a new ``a`` in the block, but
#    then tests the old ``x``, which the block leaves alone. Test ``a``, as we did above.
#
# For one result: ``detach``
# --------------------------
#
# :meth:`~torch.Tensor.detach` gives a tensor with the same numbers and no history. The numbers are
# not copied: both tensors look at the same memory. Write into one, and the other changes.
y = 2 * x
d = y.detach()
d[0] = 100.0
print(f"{d = }")
print(f"{y = }")

assert (d.requires_grad, d.grad_fn) == (False, None)
assert d.data_ptr() == y.data_ptr()
torch.testing.assert_close(y[1:], 2 * x[1:])
assert y[0] == 100

# %%
# If you want to write into it, take ``y.detach().clone()``: a copy of its own.
#
# ``inference_mode``, and when not
# --------------------------------
#
# :class:`torch.inference_mode` saves even more bookkeeping than ``no_grad``, at a price: what it
# makes can never be saved for a backward pass, and many operations save their inputs. Use it for
# predictions that no training will touch.
with torch.inference_mode():
    p = x**2
print(f"{p.is_inference() = }")

# %%
# If a tracked tensor may meet the result, use ``no_grad``.
try:
    p * x
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith(
    "Inference tensors cannot be saved for backward"
)

# %%
# What to remember
# ----------------
#
# - An update belongs inside ``with torch.no_grad():`` and changes the leaf in place.
# - ``requires_grad_(False)`` switches a leaf off; ``detach()`` takes one result out of its graph.
# - A detached tensor shares its memory with its source.
#
# Exercise
# --------
#
# The derivative of :math:`x^2` is :math:`2x`. Predict the gradient of ``(x * x.detach()).sum()``.

# %%
# .. answer-begin::

# %%
# It is ``x``, half of the truth. For PyTorch the detached factor is a constant :math:`c`, and the
# derivative of :math:`c\,x` is :math:`c`. Detaching cuts a path, and what would have come along it
# is missing.
(cut,) = torch.autograd.grad((x * x.detach()).sum(), x)
(whole,) = torch.autograd.grad((x * x).sum(), x)
print(f"{cut = }")
print(f"{whole = }")

torch.testing.assert_close(cut, x.detach())
torch.testing.assert_close(whole, 2 * x.detach())

# %%
# .. answer-end::
#
# In :ref:`page-out-of-the-graph` a tensor was outside because nobody had marked it. Here you took
# it out yourself. What exactly is off then, and what does that save?
# :ref:`page-turning-tracking-off`.
