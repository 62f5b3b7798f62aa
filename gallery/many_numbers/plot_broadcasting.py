r"""
.. _page-broadcasting:

Copies on the way, sums on the way back
=======================================

**A bias of 3 numbers is added to a batch of 64 rows. Why does its gradient have 3 numbers, and not 64
times 3?** Forward, each number was copied to many places. Backward, what comes from all these places is
added up. Broadcasting, ``expand`` and indexing all obey this one rule.
"""

# %%
# The set-up, with numbers that are easy to follow.
import torch
from torch import nn

import autograd_vi as av

av.seed_everything(0)
device = av.pick_device()
x = torch.arange(6.0, device=device).view(2, 3)  # (2, 3)
b = torch.tensor([1.0, 2.0, 3.0], device=device, requires_grad=True)

# %%
# A bias
# ------
#
# ``x`` has two rows, ``b`` has one. PyTorch adds ``b`` to each row. That is called *broadcasting*. Weigh
# the six entries of the result with 1 to 6, so that you can see on the way back who came from where.
weights = torch.arange(1.0, 7.0, device=device).view(2, 3)  # (2, 3)
(x + b).backward(weights)
print(f"{b.grad = }")

torch.testing.assert_close(b.grad, weights.sum(dim=0))

# %%
# 1 + 4, 2 + 5 and 3 + 6. Each entry of ``b`` went to both rows, so it gets what comes back from both:
#
# .. math::
#
#    y_{nj} = x_{nj} + b_j \quad\Rightarrow\quad
#    \frac{\partial \ell}{\partial b_j} = \sum_n \frac{\partial \ell}{\partial y_{nj}}
#
# This is why the gradient of a bias is a sum over the batch. The same by hand, as a column of ones
# that is multiplied with the bias: the copies become visible, and the sum is the product with the
# transpose.
ones = torch.ones(2, 1, device=device)
copies = ones @ b.detach().view(1, 3)  # (2, 3)
back = ones.T @ weights  # (1, 3)
print(f"{copies = }")
print(f"{back = }")

assert torch.equal(x + copies, (x + b).detach())
torch.testing.assert_close(back.view(3), b.grad)

# %%
# Which dimensions are summed? Exactly those in which the forward pass copied: the missing ones,
# and those of length 1. Look at a column of shape (2, 1) and at a single number:
for shape in ((3,), (2, 1), ()):
    t = torch.zeros(shape, device=device, requires_grad=True)
    (grad,) = torch.autograd.grad(x + t, t, weights)
    print(f"{shape!s:6}  {grad.tolist()}")
    assert grad.shape == t.shape
    torch.testing.assert_close(grad, weights.sum_to_size(shape))

# %%
# ``expand``: the same, without an addition
# -----------------------------------------
#
# :meth:`~torch.Tensor.expand` only makes the copies, and not even in memory. Step through it:
c = torch.tensor([[1.0], [2.0]], device=device, requires_grad=True)
replay = av.replay(
    c.expand(2, 3) * x, gradient=torch.ones_like(x), params={"c": c}
)
replay

# %%
# The node of ``expand`` received six numbers and sent two on: the sums of its rows. Before you look on:
# what are they? At each place the product rule leaves the entry of ``x``.
print(f"{c.grad = }")

torch.testing.assert_close(c.grad, x.sum(dim=1, keepdim=True))

# %%
# Indexing: to each its own, and zero to the rest
# -----------------------------------------------
#
# An index takes some entries and leaves others out. Backward it is the other way round: what comes
# back is put where it came from, and the rest gets zero. That is a *scatter*.
v = torch.tensor([10.0, 20.0, 30.0, 40.0], device=device)
v.requires_grad_()
(grad,) = torch.autograd.grad(v[1:3].sum(), v)
print(f"{grad = }")

assert grad.tolist() == [0, 1, 1, 0]

# %%
# Now take entry 0 twice and entry 3 once. An entry that was copied gets a sum again:
rows = torch.tensor([0, 3, 0], device=device)
back = torch.tensor([1.0, 10.0, 100.0], device=device)
(grad,) = torch.autograd.grad(v[rows], v, back)
print(f"{grad = }")

chosen = nn.functional.one_hot(rows, 4).to(back)  # (3, 4)
torch.testing.assert_close(grad, chosen.T @ back)
assert grad.tolist() == [101, 0, 0, 10]

# %%
# 1 + 100 for entry 0. This is how the table of an :class:`~torch.nn.Embedding` learns: each word of a
# batch indexes a row, and a row gets the sum of what its words send back. Words that do not occur get
# zero.
#
# The mistake: a shape that fits too well
# ---------------------------------------
#
# Broadcasting never asks. Predictions of shape (2, 1) minus targets of shape (2,) make a square, in
# which each prediction meets each target.
prediction = torch.tensor([[1.0], [5.0]], device=device)
target = torch.tensor([1.0, 5.0], device=device)
print(f"{prediction - target = }")
print(f"{(prediction - target).square().mean().item() = }")

assert (prediction - target).shape == (2, 2)
assert (prediction - target).square().mean() == 8
assert (prediction.squeeze(1) - target).square().mean() == 0

# %%
# Both predictions are right, and the loss is 8. With ``prediction.squeeze(1)`` the shapes agree, and it
# is 0. The gradient would have told: it pulls every prediction toward the mean of all targets.
prediction.requires_grad_()
loss = (prediction - target).square().mean()
(grad,) = torch.autograd.grad(loss, prediction)
print(f"{grad = }")

assert grad.flatten().tolist() == [-2, 2]

# %%
# What to remember
# ----------------
#
# - What is copied forward is summed backward: broadcasting, ``expand``, an index that occurs twice.
# - What is left out forward gets zero backward.
# - A gradient always has the shape of its tensor.
#
# Exercise
# --------
#
# A linear layer adds its bias to 64 rows, and the loss is the *mean* of all 64 × 3 outputs. What is the
# gradient of each entry of the bias?

# %%
# .. answer-begin::

# %%
# Each output counts 1/192, and the bias gets the sum over 64 of them: :math:`64/192 = 1/3`.
layer = nn.Linear(5, 3).to(device)
layer(torch.ones(64, 5, device=device)).mean().backward()
print(f"{layer.bias.grad = }")

torch.testing.assert_close(
    layer.bias.grad, torch.full((3,), 1 / 3, device=device)
)

# %%
# .. answer-end::
#
# :ref:`page-grad-or-backward` let the gradients of a tensor that is used twice wait and add up; copies are
# the same thing in one operation. This closes the third part. The fourth trains, and its first layer
# has a bias: :ref:`page-one-layer-network`.
