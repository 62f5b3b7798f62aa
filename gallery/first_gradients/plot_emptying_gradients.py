r"""
.. _page-emptying-gradients:

Emptying gradients
==================

**Why must a training loop empty** ``.grad`` **in every round?** Because ``backward()`` *adds* to it
and never replaces it. You will see the sum grow, empty it in two ways, and find that an optimizer
can tell the two apart.
"""

# %%
# The set-up. Nothing is random here, so there is nothing to seed.
import matplotlib.pyplot as plt
import torch

import autograd_vi as av

device = av.pick_device()

# %%
# Five rounds, with and without
# -----------------------------
#
# Differentiate :math:`5w_1 + 5w_2 + 5w_3 + 5w_4` with respect to any entry and you get 5, wherever
# ``w`` is. Each round computes this gradient and moves ``w`` against it, with the
# :term:`learning rate` 0.001 and without recording the move (:ref:`page-stop-tracking` says why).
# Then it empties the gradient, or not.


def five_rounds(empty):
    w = torch.ones(4, device=device, requires_grad=True)  # (4,)
    grads = []
    for _ in range(5):
        (5 * w).sum().backward()
        grads.append(w.grad.tolist())
        with torch.no_grad():
            w -= 0.001 * w.grad
        if empty:
            w.grad.zero_()
    return w, grads


# %%
# Before you look: what does ``w.grad[0]`` hold in round :math:`k`, in each of the two cases?
k = range(1, 6)
fig, ax = plt.subplots()
for empty, style in ((True, "o-"), (False, "s--")):
    _, grads = five_rounds(empty)
    ax.plot(k, [row[0] for row in grads], style)
    end = (5.15, grads[-1][0], f"{empty = }")
    ax.text(*end, family="monospace", va="center")
ax.set(xlabel="round k", xticks=k, yticks=[0, 5, 10, 15, 20, 25])
ax.set_ylabel("w.grad[0]", family="monospace")
fig.set_label(
    "In five rounds one gradient stays at 5, the other climbs to 25."
)

drawn = [line.get_ydata().tolist() for line in ax.lines]
torch.testing.assert_close(
    drawn, [[5.0] * 5, [5.0, 10.0, 15.0, 20.0, 25.0]], rtol=1e-5, atol=0
)

# %%
# Emptied: the right gradient, five times
# ---------------------------------------
#
# Five steps of :math:`0.001 \cdot 5` take ``w`` from 1 to :math:`1 - 0.025 = 0.975`. A float32
# holds about seven digits, so the check below asks for six.
w, grads = five_rounds(empty=True)
for row in grads:
    print(row)
print(f"{w = }")

torch.testing.assert_close(grads, [[5.0] * 4] * 5, rtol=1e-5, atol=0)
torch.testing.assert_close(
    w.detach(), torch.full_like(w, 0.975), rtol=0, atol=1e-6
)

# %%
# .. admonition:: From the notebook “Autograd package”
#    :class: notebook
#
#    The notebook holds this loop but never ran it, so it shows no result. The rows above are what
#    it gives.
#
# The mistake: not emptied
# ------------------------
#
# No error, no warning. Round :math:`k` finds the sum of :math:`k` gradients, :math:`5k`, and ``w``
# moves :math:`0.001 \cdot (5 + 10 + 15 + 20 + 25) = 0.075` instead of 0.025.
w, grads = five_rounds(empty=False)
print([row[0] for row in grads])
print(f"{w = }")

torch.testing.assert_close(
    grads, [[5.0 * k] * 4 for k in range(1, 6)], rtol=1e-5, atol=0
)
torch.testing.assert_close(
    w.detach(), torch.full_like(w, 0.925), rtol=0, atol=1e-6
)

# %%
# Why adding is right
# -------------------
#
# When ``w`` is used in two places, its gradient is the sum of what both contribute. ``backward()``
# keeps to that within one call, and from call to call. Two results, one after the other, leave what
# their sum would leave: here :math:`5 + 2w_i = 7`.
w = torch.ones(4, device=device, requires_grad=True)  # (4,)
(5 * w).sum().backward()
(w**2).sum().backward()
print(f"{w.grad = }")

torch.testing.assert_close(w.grad, torch.full((4,), 7.0, device=device))
w.grad = None
((5 * w).sum() + (w**2).sum()).backward()
torch.testing.assert_close(w.grad, torch.full((4,), 7.0, device=device))

# %%
# Zeros or nothing
# ----------------
#
# ``w.grad.zero_()`` fills one gradient with zeros. :meth:`~torch.optim.Optimizer.zero_grad` empties
# the gradients of all tensors in an :term:`optimizer`, and since PyTorch 2.0 it leaves ``None`` in
# spite of its name.
w.grad.zero_()
print(f"{w.grad = }")
assert w.grad.tolist() == [0.0] * 4
torch.optim.SGD([w], lr=0.001).zero_grad()
print(f"{w.grad = }")
assert w.grad is None

# %%
# Then there is nothing to fill, just as before the first ``backward()``.
try:
    w.grad.zero_()
except AttributeError as error:
    print(f"{type(error).__name__}: {error}")
else:
    raise AssertionError

# %%
# What the optimizer makes of it
# ------------------------------
#
# In plain gradient descent, a step along zeros is no step. With :term:`momentum` 0.9 each move is
# the new gradient's plus 0.9 of the move before. Zeros are a gradient, so ``w`` rolls on by
# :math:`0.9 \cdot 0.005 = 0.0045`. ``None`` means: leave this tensor alone.
for set_to_none, end in ((True, 0.995), (False, 0.995 - 0.0045)):
    w = torch.ones(4, device=device, requires_grad=True)  # (4,)
    optimizer = torch.optim.SGD([w], lr=0.001, momentum=0.9)
    (5 * w).sum().backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=set_to_none)
    optimizer.step()
    print(f"{set_to_none = !s:5}  {w = }")
    torch.testing.assert_close(
        w.detach(), torch.full_like(w, end), rtol=0, atol=1e-6
    )

# %%
# What to remember
# ----------------
#
# - ``backward()`` adds into ``.grad``. Empty it once a round, before the next ``backward()``.
# - Forgetting that raises no error. The steps are only wrong.
# - ``zero_grad()`` leaves ``None``, and the optimizer skips the tensor. Zeros are a gradient.
#
# Exercise
# --------
#
# A loop empties too early: ``backward()``, then ``w.grad.zero_()``, then the update. Where is ``w``
# after five rounds?

# %%
# .. answer-begin::

# %%
# Where it started. Each update subtracts 0.001 times zero: again no error, and nothing learned. Only
# between ``backward()`` and the update must nothing empty the gradients. The orders *backward, update,
# empty* (as in the five rounds above) and *empty, backward, update* both work.
w = torch.ones(4, device=device, requires_grad=True)  # (4,)
for _ in range(5):
    (5 * w).sum().backward()
    w.grad.zero_()
    with torch.no_grad():
        w -= 0.001 * w.grad
print(f"{w = }")

assert w.tolist() == [1.0] * 4

# %%
# The second of the two orders, run:
w = torch.ones(4, device=device, requires_grad=True)  # (4,)
for _ in range(5):
    w.grad = None
    (5 * w).sum().backward()
    with torch.no_grad():
        w -= 0.001 * w.grad
print(f"{w = }")

torch.testing.assert_close(
    w.detach(), torch.full_like(w, 0.975), rtol=0, atol=1e-6
)

# %%
# .. answer-end::
#
# This closes the first part. You can track (:ref:`page-tracking`), differentiate
# (:ref:`page-backward`) and empty. What is it that ``backward()`` walks through each time? The
# second part takes it apart: :ref:`page-graph`.
