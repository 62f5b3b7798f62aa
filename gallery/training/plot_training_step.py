r"""
.. _page-training-step:

One training step of ResNet18
=============================

**What does one training step change in a real network?** Every parameter moves by the learning rate
times its gradient, against the gradient. You will check it for all eleven million of them. And you
will meet a loss that never looks at the labels.
"""

# %%
# The set-up. ResNet18 comes from torchvision, the picture from matplotlib.
import matplotlib.pyplot as plt
import torch
from matplotlib.cbook import get_sample_data
from torch.nn.functional import avg_pool2d, cross_entropy
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
portrait = torch.tensor(
    plt.imread(get_sample_data("grace_hopper.jpg", asfileobj=False))
)
square = portrait[:512, :512].permute(2, 0, 1) / 255  # (3, 512, 512)
pixels = avg_pool2d(square, 8)  # (3, 64, 64)
fig, ax = plt.subplots()
ax.imshow(pixels.permute(1, 2, 0).numpy(), interpolation="nearest")
ax.set(xticks=[0, 63], yticks=[0, 63])
fig.set_label("A portrait of Grace Hopper in uniform, 64 by 64 pixels.")

torch.testing.assert_close(
    pixels[:, 0, 63], square[:, :8, 504:].mean(dim=(1, 2))
)

# %%
# ResNet18 expects colours that are shifted and scaled like those it was trained with, and a
# :term:`shape` that begins with the number of pictures. The :term:`label` says what is right: of the
# 1000 classes, this is number 652.
channels = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])
mean, std = channels.reshape(2, 3, 1, 1)
image = ((pixels - mean) / std)[None].to(device)  # (1, 3, 64, 64)
label = torch.tensor([652], device=device)  # (1,)
print(f"{image.shape = }")
print(f"{ResNet18_Weights.DEFAULT.meta['categories'][label.item()] = }")

transforms = ResNet18_Weights.DEFAULT.transforms()
assert (
    channels.tolist()
    == torch.tensor([transforms.mean, transforms.std]).tolist()
)
assert (
    ResNet18_Weights.DEFAULT.meta["categories"][652]
    == "military uniform"
)

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
assert (
    sum(p.numel() for p in parameters)
    == ResNet18_Weights.DEFAULT.meta["num_params"]
)

# %%
# Forward
# -------
#
# The network gives 1000 numbers, one for each class. The loss is
# :func:`~torch.nn.functional.cross_entropy`: the softmax turns the numbers into probabilities, and
# the loss is :math:`-\log p` for the probability :math:`p` of the right class.
prediction = model(image)  # (1, 1000)
loss = cross_entropy(prediction, label)
print(f"{prediction.shape = }")
print(f"{loss.item() = :.2f}")

p_right = prediction[0, 652].exp() / prediction.exp().sum()
torch.testing.assert_close(loss, -p_right.log(), rtol=1e-4, atol=1e-4)

# %%
# Each operation of the :term:`forward pass` left a :term:`node` in the graph, and each parameter a
# :term:`leaf`. (The number of operations depends on the :term:`device`: on a Mac's GPU a linear layer
# is one, elsewhere two.)
graph = av.trace(loss, params=model)
leaves = [node.name for node in graph.nodes if node.kind == "leaf"]
print(f"{len(graph.nodes) = }, {len(graph.edges) = }, {len(leaves) = }")

assert sorted(leaves) == sorted(
    name for name, _ in model.named_parameters()
)

# %%
# Count again, without :func:`autograd_vi.trace`: our own walk along ``next_functions``.
seen, ahead = {}, [loss.grad_fn]
while ahead:
    node = ahead.pop()
    if node not in seen:
        seen[node] = [
            child
            for child, _ in node.next_functions
            if child is not None
        ]
        ahead += seen[node]
edges = sum(len(children) for children in seen.values())
print(f"{len(seen) = }, {edges = }")

assert (len(graph.nodes), len(graph.edges)) == (len(seen), edges)

# %%
# Backward
# --------
#
# One call gives every one of the 62 tensors its :term:`gradient`. No parameter has moved yet.
before = [p.detach().clone() for p in parameters]
loss.backward()
moved = [
    not torch.equal(p, q)
    for p, q in zip(parameters, before, strict=True)
]
print(
    f"{sum(p.grad is not None for p in parameters) = }, {sum(moved) = }"
)

assert all(
    p.grad is not None and p.grad.shape == p.shape for p in parameters
)
assert sum(moved) == 0

# %%
# The step
# --------
#
# The :term:`optimizer` is :class:`torch.optim.SGD` with the :term:`learning rate` 0.01 and
# :term:`momentum` 0.9. Momentum adds 0.9 of the move before. In the first step there was none, so
# each parameter moves by :math:`-0.01` times its gradient. We compare the moves of all eleven million
# parameters with that, in float64. What differs is rounding.
lr = 1e-2
optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
optimizer.step()


def joined(tensors):
    return torch.cat(
        [tensor.detach().cpu().double().flatten() for tensor in tensors]
    )


move = joined(parameters) - joined(before)  # (11689512,)
expected = -lr * joined(p.grad for p in parameters)  # (11689512,)
print(
    f"{((move - expected).norm() / expected.norm()).item() < 1e-3 = }"
)

# %%
# None of the 62 tensors is what it was. (The running mean and variance of a BatchNorm layer are no
# parameters. They moved already in the forward pass: :ref:`page-fine-tuning`.)
moved = [
    not torch.equal(p, q)
    for p, q in zip(parameters, before, strict=True)
]
print(f"{sum(moved) = }")

assert sum(moved) == 62
assert (move - expected).norm() < 1e-3 * expected.norm()

# %%
# The mistake: a loss that never looks at the labels
# --------------------------------------------------
#
# Instead of a loss, people write down the sum of all differences from some target. Subtracting a
# target shifts that sum by a constant, and a constant has the :term:`derivative` 0. So the gradient
# with respect to the prediction is 1 everywhere, for any target.
targets = torch.rand(2, 1, 1000, generator=g).to(device)  # (2, 1, 1000)
prediction = model(image)  # (1, 1000)


def stand_in(prediction, target):
    return (prediction - target).sum()


for target in targets:
    (gradient,) = torch.autograd.grad(
        stand_in(prediction, target), prediction, retain_graph=True
    )
    print(
        f"{stand_in(prediction, target).item() = :.2f}, "
        f"{gradient.unique().tolist() = }"
    )
    assert torch.equal(gradient, torch.ones_like(prediction))

# %%
# The gradients of the 62 tensors begin there, so they do not know the target either: between two
# targets they differ by rounding at most. With squared differences they do change.


def squared(prediction, target):
    return (prediction - target).square().sum()


def change(loss):
    losses = [loss(model(image), target) for target in targets]
    one, other = (
        joined(torch.autograd.grad(value, parameters))
        for value in losses
    )
    return ((one - other).norm() / one.norm()).item()


print(f"{change(stand_in) < 1e-3 = }, {change(squared) < 1e-3 = }")

assert change(stand_in) < 1e-3 < change(squared)

# %%
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook feeds random noise, and calls the sum of the differences from 1000 random numbers the
#    model's error. It is none: a prediction equal to the labels gives 0, and a worse one can give far
#    less. Nothing can be learned with it.
#
# Another mistake: too small a picture
# ------------------------------------
#
# ResNet18 halves the picture five times. From 64 × 64 pixels 2 × 2 remain, from 32 × 32 only one.
# In training mode :term:`batch normalization` takes the mean and the variance of what it gets, and
# one value alone has no variance (:ref:`page-batchnorm-gradient`).
try:
    model(avg_pool2d(image, 2))
except ValueError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith(
    "Expected more than 1 value per channel when training"
)
assert "[1, 512, 1, 1]" in message

# %%
# More pictures in a batch cure it, or a larger picture:
pictures = torch.cat([image, image.flip(3)])  # (2, 3, 64, 64)
print(f"{model(avg_pool2d(pictures, 2)).shape = }")

# %%
# What to remember
# ----------------
#
# - A :term:`training step` is the same three calls for 4 tensors (:ref:`page-background`) and for
#   62: computing the loss, ``backward()``, ``step()``.
# - The first step of SGD with momentum is :math:`p - \eta\, \partial L / \partial p`.
# - A gradient knows of the labels only what the loss tells it.
#
# Exercise
# --------
#
# Look at the gradient of the cross-entropy with respect to the prediction. What do its 1000 entries
# add up to? And those of the sum of differences? Which entry is negative?

# %%
# .. answer-begin::

# %%
# The sum of differences gives 1 everywhere, in sum 1000. Cross-entropy gives the softmax of the
# prediction, less 1 at the right class. A softmax adds up to 1, so the sum is 0: what the right class
# gains, the others lose.
prediction = model(image)  # (1, 1000)
(gradient,) = torch.autograd.grad(
    cross_entropy(prediction, label), prediction
)
print(f"{abs(gradient.sum().item()) < 1e-5 = }")
print(f"{(gradient < 0).nonzero().tolist() = }")

assert abs(gradient.sum()) < 1e-5 < gradient.abs().sum()

# %%
# So this gradient does depend on the label: its only negative entry belongs to class 652. Compute it
# yourself:
exps = prediction.detach().exp()  # (1, 1000)
by_hand = exps / exps.sum()  # (1, 1000)
by_hand[0, 652] -= 1

torch.testing.assert_close(gradient, by_hand, rtol=1e-3, atol=1e-6)
assert (gradient < 0).nonzero().tolist() == [[0, 652]]

# %%
# .. answer-end::
#
# Eleven million derivatives from one call. Among the layers on their way are some that let hardly
# any gradient pass: :ref:`page-batchnorm-gradient`.
