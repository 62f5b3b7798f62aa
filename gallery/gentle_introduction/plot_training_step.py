r"""
.. _page-training-step:

One training step of ResNet18
=============================

**What does one training step change in a real network?** Every parameter moves by the learning rate
times its gradient, against the gradient. You will check it for all eleven million of them, bit by
bit.
"""

# %%
# The set-up. ResNet18 comes from torchvision, the picture from matplotlib.
import matplotlib.pyplot as plt
import torch
from matplotlib.cbook import get_sample_data
from torch.nn.functional import avg_pool2d
from torchvision.models import ResNet18_Weights

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# The input: one picture
# ----------------------
#
# Grace Hopper wrote one of the first compilers. Matplotlib brings a portrait of her along. We take a
# square of it, average over blocks of 8 × 8 pixels, and have 64 × 64 pixels in three colours.
portrait = torch.tensor(plt.imread(get_sample_data("grace_hopper.jpg", asfileobj=False)))
square = portrait[:512, :512].permute(2, 0, 1) / 255  # (3, 512, 512)
pixels = avg_pool2d(square, 8)  # (3, 64, 64)
fig, ax = plt.subplots()
ax.imshow(pixels.permute(1, 2, 0).numpy(), interpolation="nearest")
ax.set(xticks=[0, 63], yticks=[0, 63])
fig.set_label("A portrait of Grace Hopper in uniform, 64 by 64 pixels.")

# %%
# ResNet18 expects colours that are shifted and scaled like those it was trained with, and a
# :term:`shape` that begins with the number of pictures. The labels are 1000 random numbers.
channels = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])
mean, std = channels.reshape(2, 3, 1, 1)
image = ((pixels - mean) / std)[None].to(device)  # (1, 3, 64, 64)
labels = torch.rand(1, 1000, generator=g).to(device)  # (1, 1000)
print(f"{image.shape = }")
print(f"{labels.shape = }")

torch.testing.assert_close(image.cpu()[0] * std + mean, pixels)

# %%
# The network
# -----------
#
# :func:`autograd_vi.load_resnet18` returns the network, and what it started from. With
# :term:`pretrained` weights its predictions mean something. For what this page shows, any weights
# will do.
model, start = av.load_resnet18()
model = model.to(device)
print(f"{start = }")

assert (start.weights is None) != (start.seed is None)

# %%
# .. weights-note::
#
# How large is it? Count the tensors that will be trained, and the numbers in them. torchvision
# publishes the same count.
parameters = list(model.parameters())
print(f"{len(parameters) = }")
print(f"{sum(p.numel() for p in parameters) = :,}")

assert len(parameters) == 62
assert sum(p.numel() for p in parameters) == ResNet18_Weights.DEFAULT.meta["num_params"]

# %%
# Forward
# -------
#
# The network gives 1000 numbers, one for each class of pictures. The loss of this page is the sum of
# all differences from the labels.
prediction = model(image)  # (1, 1000)
loss = (prediction - labels).sum()
print(f"{prediction.shape = }")
print(f"{loss.item() = :.2f}")

torch.testing.assert_close(loss, prediction.sum() - labels.sum(), rtol=0, atol=1e-2)

# %%
# Each operation of the :term:`forward pass` left a :term:`node` in the graph. The loss has one
# operation more than ``prediction.sum()``, the subtraction. We count once with
# :func:`autograd_vi.trace`, and once with our own walk along ``next_functions``.
for output in (prediction.sum(), loss):
    graph = av.trace(output, params=model)
    print(f"{len(graph.nodes) = }, {len(graph.edges) = }")
    seen, edges = [output.grad_fn], 0
    for node in seen:
        children = [child for child, _ in node.next_functions if child is not None]
        edges += len(children)
        seen += [child for child in dict.fromkeys(children) if child not in seen]
    assert (len(graph.nodes), len(graph.edges)) == (len(seen), edges)

# %%
# Of the 134 nodes of the loss, 62 are the parameters. The other 72 are operations.
leaves = sum(node.kind == "leaf" for node in graph.nodes)
print(f"{leaves = }, {len(graph.nodes) - leaves = }")

assert (leaves, len(graph.nodes) - leaves) == (62, 72)

# %%
# Backward
# --------
#
# One call gives every one of the 62 tensors its :term:`gradient`. No parameter has moved yet:
# ``same`` counts the tensors that agree to the last bit.
before = [p.detach().clone() for p in parameters]


def same(some, others):
    return sum(torch.equal(p, q) for p, q in zip(some, others, strict=True))


loss.backward()
print(f"{sum(p.grad is not None for p in parameters) = }")
print(f"{same(parameters, before) = }")

assert all(p.grad is not None and p.grad.shape == p.shape for p in parameters)
assert same(parameters, before) == 62

# %%
# The step
# --------
#
# The :term:`optimizer` is :class:`torch.optim.SGD` with the :term:`learning rate` 0.01 and
# :term:`momentum` 0.9. Momentum adds 0.9 of the move before. In the first step there was none, so
# each parameter moves by :math:`-0.01` times its gradient, exactly: all 62 tensors agree with
# :func:`torch.add`, and none is what it was. (The running mean and variance of a BatchNorm layer are
# no parameters. They moved already in the forward pass: :ref:`page-fine-tuning`.)
lr = 1e-2
optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
optimizer.step()
expected = [torch.add(q, p.grad, alpha=-lr) for p, q in zip(parameters, before, strict=True)]
print(f"{same(parameters, expected) = }")
print(f"{same(parameters, before) = }")

assert (same(parameters, expected), same(parameters, before)) == (62, 0)

# %%
# A loss that never looks at the labels
# -------------------------------------
#
# This loss is only a stand-in. Subtracting the labels shifts it by a constant, and a constant has
# the :term:`derivative` 0. So the gradient is the same for any labels: here for two sets of random
# ones, again in all 62 tensors and to the last bit.
other = torch.rand(1, 1000, generator=g).to(device)  # (1, 1000)
first, second = (
    torch.autograd.grad((model(image) - target).sum(), parameters) for target in (labels, other)
)
print(f"{(labels - other).abs().max().item() = :.3f}")
print(f"{same(first, second) = }")

assert not torch.equal(labels, other)
assert same(first, second) == 62

# %%
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook feeds random noise and calls this sum the model's error. It is none: a prediction
#    equal to the labels gives 0, and a worse one can give far less. Nothing can be learned with it.
#    It serves to show the mechanics of a step, and no more.
#
# The mistake: too small a picture
# --------------------------------
#
# ResNet18 halves the picture five times. From 64 × 64 pixels 2 × 2 remain, from 32 × 32 only one.
# In training mode :term:`batch normalization` takes the mean and the variance of what it gets, and
# one value alone has no variance (:ref:`page-batchnorm-gradient`).
try:
    model(avg_pool2d(image, 2))
except ValueError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")

assert message.startswith("Expected more than 1 value per channel when training")
assert "[1, 512, 1, 1]" in message

# %%
# More pictures in a batch cure it, or a larger picture.
#
# What to remember
# ----------------
#
# - A :term:`training step` is the same three calls for 4 tensors and for 62.
# - The first step of SGD with momentum is :math:`p - \eta\, \partial L / \partial p`.
# - A gradient knows of the labels only what the loss lets through.
#
# Exercise
# --------
#
# The portrait's class has the number 652, “military uniform”. Take a real loss,
# :func:`torch.nn.functional.cross_entropy`, and look at the gradient that arrives at the
# prediction. What do its 1000 entries add up to? And with the stand-in?

# %%
# .. answer-begin::

# %%
# The stand-in gives 1 everywhere, in sum 1000. Cross-entropy gives the softmax of the prediction,
# less 1 at the right class. A softmax adds up to 1, so the sum is 0: what the right class gains, the
# others lose.
target = torch.tensor([652], device=device)  # (1,)
prediction = model(image)  # (1, 1000)
(stand_in,) = torch.autograd.grad((prediction - labels).sum(), prediction, retain_graph=True)
(real,) = torch.autograd.grad(torch.nn.functional.cross_entropy(prediction, target), prediction)
print(f"{stand_in.sum().item() = :.1f}")
print(f"{abs(real.sum().item()) < 1e-5 = }")
print(f"{real.argmin().item() = }")

assert torch.equal(stand_in, torch.ones_like(prediction))
assert abs(real.sum()) < 1e-5

# %%
# So this gradient does depend on the label. Compute it yourself: the only negative entry belongs to
# class 652.
print(ResNet18_Weights.DEFAULT.meta["categories"][652])
softmax = prediction.detach().softmax(dim=1)  # (1, 1000)
softmax[0, 652] -= 1
assert ResNet18_Weights.DEFAULT.meta["categories"][652] == "military uniform"
torch.testing.assert_close(real, softmax)
assert (real < 0).nonzero().tolist() == [[0, 652]]

# %%
# .. answer-end::
#
# Eleven million derivatives from one call. You could have computed each by hand, with the rules of
# the next page: :ref:`page-by-hand`. The background is in :ref:`page-background`.
