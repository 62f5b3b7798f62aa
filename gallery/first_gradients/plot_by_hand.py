r"""
.. _page-by-hand:

Differentiating by hand
=======================

**Does** ``backward()`` **give what you would write down with pencil and paper?** Yes. For a result
of several numbers, you also say which weight each of them has, and the same pencil rules hold.
"""

# %%
# The set-up. Nothing is random here.
import torch

import autograd_vi as av

device = av.pick_device()

# %%
# Two leaves, one result
# ----------------------
#
# Take :math:`Q = 3a^3 - b^2` for two values of ``a`` and two of ``b``:
# :math:`3 \cdot 8 - 36 = -12` and :math:`3 \cdot 27 - 16 = 65`.
a = torch.tensor([2.0, 3.0], device=device, requires_grad=True)  # (2,)
b = torch.tensor([6.0, 4.0], device=device, requires_grad=True)  # (2,)
Q = 3 * a**3 - b**2  # (2,)
print(f"{Q = }")

torch.testing.assert_close(Q, Q.new_tensor([-12, 65]))

# %%
# The :term:`computational graph` has one branch for each leaf. Each node knows one rule: the power,
# the multiplication by 3, the subtraction.
av.trace(Q, params={"a": a, "b": b})

# %%
# With pencil and paper
# ---------------------
#
# Everything here is :term:`element-wise`: the first entry of ``Q`` depends on the first entries of
# ``a`` and ``b`` alone. So you differentiate as for single numbers:
#
# .. math::
#
#    \frac{\partial Q_i}{\partial a_i} = 9a_i^2, \qquad \frac{\partial Q_i}{\partial b_i} = -2b_i
#
# Before you look on: what are these for ``a = [2, 3]`` and ``b = [6, 4]``?
with torch.no_grad():
    by_hand = (9 * a**2, -2 * b)
print(by_hand)

torch.testing.assert_close(
    by_hand, (a.new_tensor([36, 81]), b.new_tensor([-12, -8]))
)

# %%
# Two ways to ask
# ---------------
#
# ``Q`` has two entries, so ``Q.backward()`` alone would be an error (:ref:`page-backward`). The
# argument ``gradient`` says how much each entry counts. With ones, both count once.
Q.backward(gradient=torch.ones_like(Q))
print(f"{a.grad = }")
print(f"{b.grad = }")

torch.testing.assert_close((a.grad, b.grad), by_hand)

# %%
# “Each counts once” is a sum. So the second way is to add the entries up and differentiate one
# number, with nothing to choose.
a.grad = b.grad = None
(3 * a**3 - b**2).sum().backward()
print(f"{a.grad = }")
print(f"{b.grad = }")

torch.testing.assert_close((a.grad, b.grad), by_hand)

# %%
# A check that knows no rule at all: :term:`finite differences`. Move both entries of ``a`` by
# :math:`\pm h`, each entry of ``Q`` answers for itself. (In float64, on the CPU.)
h = 1e-5
a64, b64 = (leaf.detach().cpu().double() for leaf in (a, b))
slopes_a = (
    (3 * (a64 + h) ** 3 - b64**2) - (3 * (a64 - h) ** 3 - b64**2)
) / (2 * h)
slopes_b = (
    (3 * a64**3 - (b64 + h) ** 2) - (3 * a64**3 - (b64 - h) ** 2)
) / (2 * h)
print([round(slope, 4) for slope in slopes_a.tolist()])
print([round(slope, 4) for slope in slopes_b.tolist()])

torch.testing.assert_close(
    a.grad.cpu().double(), slopes_a, rtol=1e-5, atol=0
)
torch.testing.assert_close(
    b.grad.cpu().double(), slopes_b, rtol=1e-5, atol=0
)

# %%
# One weight for each entry
# -------------------------
#
# ``gradient`` need not be ones. With ``[1, 0]`` you ask for the first entry of ``Q`` alone, with
# ``[0, 1]`` for the second. The answers of the two add up to the answer for ``[1, 1]``. (``-0.0`` is
# zero: floating point keeps a sign even there.)
for weights in ([1.0, 0.0], [0.0, 1.0], [1.0, 1.0]):
    v = torch.tensor(weights, device=device)  # (2,)
    grad_a, grad_b = torch.autograd.grad(
        3 * a**3 - b**2, (a, b), grad_outputs=v
    )
    print(f"{weights = }, {grad_a.tolist() = }, {grad_b.tolist() = }")
    torch.testing.assert_close(
        (grad_a, grad_b), (v * by_hand[0], v * by_hand[1])
    )

# %%
# Why ones are not dQ/dQ
# ----------------------
#
# The walk back begins with ``gradient``. You may have read that this is “the derivative of ``Q`` with
# respect to itself”. But ``Q`` has two entries, so this derivative is a table of two times two
# numbers. The first entry changes with itself and not with the second: it is the identity. Ones are
# the product of the vector of ones with that table.
ones = torch.ones(2, device=device)  # (2,)
identity = torch.autograd.functional.jacobian(
    lambda q: q, Q.detach()
)  # (2, 2)
print(f"{identity = }")
print(f"{ones @ identity = }")

assert torch.equal(identity, torch.eye(2, device=device))
torch.testing.assert_close(ones @ identity, ones)

# %%
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook calls the ones that it passes the gradient of Q with respect to itself, dQ/dQ = 1.
#    That holds for a single number. For ``Q`` of shape (2,) the derivative is the identity, and the
#    argument is a vector multiplied with it, whose entries you choose.
#
# The mistake: one weight for two entries
# ---------------------------------------
#
# Whoever believes in “dQ/dQ = 1” passes a single 1. The weights must have the :term:`shape` of
# ``Q``.
try:
    (3 * a**3 - b**2).backward(gradient=torch.ones(1, device=device))
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith(
    "Mismatch in shape: grad_output[0] has a shape of torch.Size([1])"
)

# %%
# What to remember
# ----------------
#
# - Autograd applies the rules that you know, and gives the numbers that you would find.
# - ``Q.backward(gradient=torch.ones_like(Q))`` and ``Q.sum().backward()`` do the same.
# - ``gradient`` is a weight for each entry of the result.
#
# Exercise
# --------
#
# Choose ``gradient`` so that ``a.grad`` becomes ``[0, 162]``. What is ``b.grad`` then?

# %%
# .. answer-begin::

# %%
# The first entry must not count, the second counts twice: :math:`2 \cdot 81 = 162`. The same
# weights apply to ``b``, and :math:`2 \cdot (-8) = -16`.
v = torch.tensor([0.0, 2.0], device=device)  # (2,)
a.grad = b.grad = None
(3 * a**3 - b**2).backward(gradient=v)
print(f"{a.grad = }")
print(f"{b.grad = }")

torch.testing.assert_close(
    (a.grad, b.grad), (a.new_tensor([0, 162]), b.new_tensor([0, -16]))
)

# %%
# .. answer-end::
#
# With the weights that you met in :ref:`page-backward` the gradient can be worked out on paper,
# too. So far each backward pass found ``.grad`` empty. What if a gradient is already there?
# :ref:`page-emptying-gradients`.
