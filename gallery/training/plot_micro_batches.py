r"""
.. _page-micro-batches:

Micro-batches
=============

**The batch does not fit into memory. Can several small ones give the same gradient?** Yes, because
gradients add up. Each part of the loss must count as much as it does in the whole, and what each
graph keeps must be freed before the next one is made.
"""

# %%
# The set-up: a layer, 12 rows and their targets. ``gradient_of`` takes the losses one after the
# other, so that what one graph keeps is freed before the next one is made.
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()
X = torch.rand(12, 3, generator=g).to(device)  # (12, 3)
y = torch.rand(12, 1, generator=g).to(device)  # (12, 1)
layer = nn.Linear(3, 1).to(device)
mean_loss = nn.MSELoss()


def gradient_of(losses):
    layer.zero_grad()
    for loss in losses:
        loss.backward()
    return layer.weight.grad.clone()  # (1, 3)


# %%
# The whole batch, and three parts
# --------------------------------
#
# Cut the rows into three micro-batches of four. Each has a mean loss and a ``backward()`` of its own, and
# the gradients add up (:ref:`page-emptying-gradients`). Before you look on: how large is the sum,
# compared with the gradient of the whole batch?
whole = gradient_of([mean_loss(layer(X), y)])
parts = list(zip(X.split(4), y.split(4), strict=True))
added = gradient_of(mean_loss(layer(p), q) for p, q in parts)
print([f"{ratio:.3f}" for ratio in (added / whole).flatten().tolist()])

torch.testing.assert_close(added, 3 * whole, rtol=1e-4, atol=1e-6)

# %%
# Three times too large: the mean over 12 rows divides by 12, each of the three divides by 4. So divide
# each loss by the number of parts.
divided = gradient_of(mean_loss(layer(p), q) / 3 for p, q in parts)
print(f"{torch.allclose(divided, whole, rtol=1e-4, atol=1e-6) = }")

torch.testing.assert_close(divided, whole, rtol=1e-4, atol=1e-6)

# %%
# Parts of different sizes
# ------------------------
#
# Cut into 5, 5 and 2 rows. A third for each would let the two rows of the last part count more
# than the others. Let each part count by its share of the rows. A *sum* needs no factor for its
# parts; the 12 at the end only turns it into the mean:
pieces = list(zip(X.split(5), y.split(5), strict=True))
thirds = gradient_of(mean_loss(layer(p), q) / 3 for p, q in pieces)
shares = gradient_of(
    mean_loss(layer(p), q) * len(p) / 12 for p, q in pieces
)
sum_loss = nn.MSELoss(reduction="sum")
sums = gradient_of(sum_loss(layer(p), q) for p, q in pieces) / 12
for name, found in (
    ("thirds", thirds),
    ("shares", shares),
    ("sums", sums),
):
    same = torch.allclose(found, whole, rtol=1e-4, atol=1e-6)
    print(f"{name:7} {same}")

torch.testing.assert_close(shares, whole, rtol=1e-4, atol=1e-6)
torch.testing.assert_close(sums, whole, rtol=1e-4, atol=1e-6)
assert not torch.allclose(thirds, whole, rtol=1e-4, atol=1e-6)

# %%
# The exception: BatchNorm
# ------------------------
#
# All this holds as long as the rows do not meet. In a BatchNorm in training mode they do: each
# micro-batch is normalized by its own mean and variance. No factor repairs that.
norm = nn.BatchNorm1d(3, affine=False).to(device)
whole_norm = gradient_of([mean_loss(layer(norm(X)), y)])
parts_norm = gradient_of(
    mean_loss(layer(norm(p)), q) / 3 for p, q in parts
)
print(f"{torch.allclose(parts_norm, whole_norm, rtol=1e-2) = }")

assert not torch.allclose(parts_norm, whole_norm, rtol=1e-2)

# %%
# The mistake: a total that remembers everything
# ----------------------------------------------
#
# The memory is saved only if each graph goes. Many a loop keeps a running total of the loss, and with
# ``total += loss`` it keeps all the graphs as well. Count the :term:`nodes <node>` behind the total:
totals = {}
for way in ("loss", "loss.detach()"):
    total = torch.zeros((), device=device)
    sizes = []
    for p, q in parts:
        loss = mean_loss(layer(p), q) / 3
        loss.backward()
        total = total + (loss if way == "loss" else loss.detach())
        sizes.append(len(av.trace(total).nodes) if total.grad_fn else 0)
    totals[way] = total.item()
    print(f"{way:13} {sizes}")
    grows = sizes[0] < sizes[1] < sizes[2]
    assert grows == (way == "loss")

# %%
# The first total grows by a graph a round. After ``backward()`` the :term:`saved tensors` are
# freed, but not the nodes. In an evaluation loop without ``backward()`` the saved tensors stay as
# well, and with a real network they are what fills the memory. ``loss.detach()`` is the same
# number without its past, and so is ``loss.item()``:
totals["loss.item()"] = sum(
    (mean_loss(layer(p), q) / 3).item() for p, q in parts
)
print([f"{total:.4f}" for total in totals.values()])

expected = mean_loss(layer(X), y).item()
torch.testing.assert_close(
    list(totals.values()), [expected] * 3, rtol=1e-4, atol=1e-6
)

# %%
# What to remember
# ----------------
#
# - Divide the mean loss of a micro-batch by the number of micro-batches, if they are equal; if
#   not, multiply it by its share of the rows.
# - A sum over rows needs no factor.
# - BatchNorm sees the micro-batch, not the batch.
# - Add up ``loss.item()`` or ``loss.detach()``, never ``loss``.
#
# Exercise
# --------
#
# You forget the division by 3 and train with plain gradient descent. Which learning rate repairs it? Would
# the same hold with momentum?

# %%
# .. answer-begin::


# %%
# A third of the old one: each step is the learning rate times the gradient. With momentum too,
# because it follows a weighted sum of the gradients, and three times all of them is three times
# the sum. Here are three steps with momentum in both ways: three times the gradient with the rate
# 0.1, and the right gradient with 0.3.
def walk(factor, lr):
    w = torch.zeros(3, 1, device=device, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr, momentum=0.9)
    for _ in range(3):
        optimizer.zero_grad()
        (factor * mean_loss(X @ w, y)).backward()
        optimizer.step()
    return w.detach().flatten()


print(f"{torch.allclose(walk(3, 0.1), walk(1, 0.3), rtol=1e-4) = }")

torch.testing.assert_close(
    walk(3, 0.1), walk(1, 0.3), rtol=1e-4, atol=1e-6
)

# %%
# .. answer-end::
#
# From one layer (:ref:`page-one-layer-network`) you came to a trained network that learns
# something new (:ref:`page-fine-tuning`), in batches as large as you like. This closes the part on
# training. The next one is a museum of what goes wrong: :ref:`page-graph-is-gone`.
