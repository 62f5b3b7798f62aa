r"""
.. _page-fine-tuning:

Fine-tuning
===========

**How do you teach a trained network something new without training all of it?** Freeze it, give it a
new last layer, and train that layer alone. What the network has learned before then serves a new
task. But one part of the frozen network still moves, and you will find out which.
"""

# %%
# The set-up. The pictures come from scikit-learn.
import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.functional import cross_entropy, interpolate

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# A network that has learned something
# ------------------------------------
#
# Scikit-learn brings 1797 handwritten digits along, 8 × 8 pixels each. The first 900 are for a first
# task, the others for a second one.
digits = load_digits()
pictures = (
    torch.tensor(digits.images, dtype=torch.float32) / 16
)  # (1797, 8, 8)
numbers = torch.tensor(digits.target)  # (1797,)
fig, axes = plt.subplots(2, 5)
for k, ax in enumerate(axes.flat):
    ax.imshow(pictures[k].numpy(), cmap="gray_r")
    ax.set(title=numbers[k].item(), xticks=[], yticks=[])
fig.set_label("Ten handwritten digits, 0 to 9, in coarse pixels.")

assert [ax.get_title() for ax in axes.flat] == [
    str(k) for k in range(10)
]

# %%
# The first task: which digit is it? The network has a *body*, which turns the 64 pixels into 32
# features, and a :term:`head`, one linear :term:`layer`.


def new_body():
    first = nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU()
    second = nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU()
    return nn.Sequential(*first, *second).to(device)


def train(model, inputs, targets):
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.1, momentum=0.9
    )
    for _ in range(100):
        optimizer.zero_grad()
        cross_entropy(model(inputs), targets).backward()
        optimizer.step()


# %%
# Train all of it on the first 900 pictures, and ask it about the other 897. In evaluation mode, since
# :term:`batch normalization` is on board (:ref:`page-out-of-the-graph`).
x = pictures.flatten(1).to(device)  # (1797, 64)
y = numbers.to(device)  # (1797,)
body = new_body()
model = nn.Sequential(body, nn.Linear(32, 10).to(device))
train(model, x[:900], y[:900])
model.eval()
right = (model(x[900:]).argmax(dim=1) == y[900:]).float().mean()
print(f"{right.item() = :.2f}")

assert right > 0.85

# %%
# Something new, from twenty examples
# -----------------------------------
#
# The second task: is the number odd? Of the 897 new pictures only twenty have a :term:`label`, two of
# each digit. All others are for the test. To be sure that luck has no part in it, draw the twenty
# five times.
x, y, odd = x[900:], y[900:], y[900:] % 2  # (897, 64), (897,), (897,)


def two_of_each():
    order = torch.randperm(len(y), generator=g).to(device)  # (897,)
    return torch.cat(
        [order[y[order] == k][:2] for k in range(10)]
    )  # (20,)


draws = [two_of_each() for _ in range(5)]

assert all(y[few].bincount().tolist() == [2] * 10 for few in draws)

# %%
# :term:`Freeze <to freeze>` the body, and put a new head on it, for two classes. The frozen body gives
# the same features for the same picture in every round, so we compute them once and train the head on
# them. For comparison: the same from a body with random :term:`weights <weight>`, and a network
# that starts at random and is trained as a whole on the twenty.


def frozen_body(body, few):
    head = nn.Linear(32, 2).to(device)
    train(head, body(x[few]), odd[few])
    return nn.Sequential(body, head).eval()


def all_trained(few):
    model = nn.Sequential(new_body(), nn.Linear(32, 2).to(device))
    train(model, x[few], odd[few])
    return model.eval()


# %%
# How often is each right about the pictures that it has not been trained with?


def score(model, few):
    rest = torch.ones(len(y), dtype=torch.bool, device=device)  # (897,)
    rest[few] = False
    return (
        (model(x[rest]).argmax(dim=1) == odd[rest])
        .float()
        .mean()
        .item()
    )


# %%
# Here are the means of five draws.
body, random_body = (
    part.requires_grad_(False).eval() for part in (body, new_body())
)
pretrained = (
    sum(score(frozen_body(body, few), few) for few in draws) / 5
)
from_random = (
    sum(score(frozen_body(random_body, few), few) for few in draws) / 5
)
whole = sum(score(all_trained(few), few) for few in draws) / 5
print(f"{pretrained = :.2f}, {from_random = :.2f}, {whole = :.2f}")

assert pretrained > from_random + 0.1
assert pretrained > whole + 0.02

# %%
# The :term:`pretrained` body wins, although nobody ever told it what odd means. What tells ten digits
# apart is of use here too. A random body has little to offer, and twenty pictures are too few
# to learn it anew. This is :term:`fine-tuning` in its simplest form.
#
# The same with ResNet18
# ----------------------
#
# ResNet18 was trained with photographs. Its weights are loaded where they can be had. We enlarge ten
# digits to what it expects: 64 × 64 pixels in three channels.
model, start = av.load_resnet18()
model = model.to(device)
images = (
    interpolate(pictures[:10, None], 64)
    .expand(-1, 3, -1, -1)
    .to(device)
)  # (10, 3, 64, 64)
labels = numbers[:10].to(device)  # (10,)
print(f"{start = }")
print(f"{images.shape = }, {labels.shape = }")

assert (start.weights is None) != (start.seed is None)

# %%
# .. weights-note::
#
# As it comes, each operation is tracked, and all 62 :term:`parameters <parameter>` are leaves of the
# graph. (How many operations there are depends on the :term:`device`: on a Mac's GPU a linear layer is
# one, elsewhere two.)
whole_graph = av.trace(model(images).sum(), params=model)
leaves = [
    node.name for node in whole_graph.nodes if node.kind == "leaf"
]
print(repr(whole_graph))
print(f"{len(leaves) = }")

assert sorted(leaves) == sorted(
    name for name, _ in model.named_parameters()
)

# %%
# Freeze all parameters, *then* replace the head :class:`Linear(512, 1000) <torch.nn.Linear>` by one
# for ten classes. A new layer is not frozen, so the order matters. How many numbers will be
# trained? :math:`512 \cdot 10` weights and 10 biases.
model.requires_grad_(False)
model.fc = nn.Linear(512, 10).to(device)
trained = [p.numel() for p in model.parameters() if p.requires_grad]
total = sum(p.numel() for p in model.parameters())
print(f"{trained = }, {sum(trained) = :,}, {total = :,}")

assert sum(trained) == 512 * 10 + 10 == 5_130
assert total == 11_689_512 - (512 * 1000 + 1000) + 5_130 == 11_181_642

# %%
# An operation without a tracked input leaves no :term:`node` (:ref:`page-out-of-the-graph`). So all of
# the network before the head is missing. The graph of the loss is all that ``backward()`` will walk:
loss = cross_entropy(model(images), labels)
graph = av.trace(loss, params=model)

assert sorted(
    node.name for node in graph.nodes if node.kind == "leaf"
) == ["fc.bias", "fc.weight"]
assert len(graph.nodes) < 10 < len(whole_graph.nodes)
graph

# %%
# The gradient that is left
# -------------------------
#
# The loss is the mean over ten pictures. Let :math:`P` be the softmax of the output, :math:`Y` the
# matrix with a 1 at each right class, and :math:`F` what enters the head, one row a picture. (A
# :term:`hook`, which PyTorch calls just before the head runs, keeps :math:`F`.) Then the gradients
# are those of a network with one layer (:ref:`page-one-layer-network`):
#
# .. math::
#
#    \frac{\partial \ell}{\partial W} = \frac{1}{10} (P - Y)^\top F, \qquad
#    \frac{\partial \ell}{\partial b_j} = \frac{1}{10} \sum_i (P - Y)_{ij}
entered = []
handle = model.fc.register_forward_pre_hook(
    lambda _, inputs: entered.append(inputs[0])
)
loss = cross_entropy(model(images), labels)
handle.remove()
loss.backward()
reached = [
    name for name, p in model.named_parameters() if p.grad is not None
]
print(f"{reached = }")

# %%
# Compare with the two formulas:
(F,) = entered  # (10, 512)
error = (
    model.fc(F).softmax(dim=1) - torch.eye(10, device=device)
).detach() / 10
print(f"{F.shape = }, {F.requires_grad = }")

torch.testing.assert_close(
    model.fc.weight.grad, error.T @ F, rtol=1e-3, atol=1e-5
)
torch.testing.assert_close(
    model.fc.bias.grad, error.sum(dim=0), rtol=1e-3, atol=1e-5
)
assert model.fc.weight.grad.abs().max() > 1e-2
assert reached == ["fc.weight", "fc.bias"]

# %%
# Give the :term:`optimizer` *all* parameters. Which will it move? It skips one whose gradient is
# ``None`` (:ref:`page-emptying-gradients`).


def snapshot(tensors):
    return {name: tensor.detach().clone() for name, tensor in tensors}


def changed(tensors, before):
    return [
        name
        for name, tensor in tensors
        if not torch.equal(tensor, before[name])
    ]


before = snapshot(model.named_parameters())
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)
optimizer.step()
print(
    f"{len(before) = }, {changed(model.named_parameters(), before) = }"
)

assert changed(model.named_parameters(), before) == [
    "fc.weight",
    "fc.bias",
]

# %%
# The trap: what is no parameter
# ------------------------------
#
# A network has more numbers than its parameters. Each of the 20 layers of batch normalization keeps a
# :term:`running mean`, a :term:`running variance` and a counter. These are :term:`buffers <buffer>`. No gradient
# changes them: the :term:`forward pass` does, in training mode, whatever is frozen. Run it once,
# without any step.
before = snapshot(model.named_buffers())
with torch.no_grad():
    model(images)
moved = changed(model.named_buffers(), before)
print(f"{model.training = }, {len(before) = }, {len(moved) = }")

assert len(moved) == len(before) == 20 * 3

# %%
# The running mean moves a tenth of the way to the mean of the batch:
batch_mean = model.conv1(images).mean(dim=(0, 2, 3))  # (64,)
expected = 0.9 * before["bn1.running_mean"] + 0.1 * batch_mean
torch.testing.assert_close(
    model.bn1.running_mean, expected, rtol=1e-3, atol=1e-5
)
distance = (batch_mean - before["bn1.running_mean"]).norm()
print(f"{distance.item() > 0.01 = }")

assert distance > 0.01

# %%
# Not even ``no_grad`` held the buffers. No error, no warning. Does it matter? They are what evaluation
# mode computes with. So compare the predictions before and after one more batch in training mode. No
# parameter moves here, not even one of the head.
before = snapshot(model.named_parameters())
with torch.no_grad():
    old = model.eval()(images)  # (10, 10)
    model.train()(images)
    new = model.eval()(images)  # (10, 10)
drift = (new - old).norm() / old.norm()
print(
    f"{drift.item() > 0.01 = }, "
    f"{changed(model.named_parameters(), before) = }"
)

assert drift > 0.01
assert changed(model.named_parameters(), before) == []

# %%
# What the network predicts has drifted away, though none of its parameters has moved. The cure is the
# other switch, ``eval()``. But a training loop often begins each :term:`epoch` with ``model.train()``,
# and that undoes it. So switch the frozen part back *after* it: here all layers of batch
# normalization.
before = snapshot(model.named_buffers())
norms = [
    module
    for module in model.modules()
    if isinstance(module, nn.BatchNorm2d)
]
for _ in range(2):
    model.train()
    for module in norms:
        module.eval()
    model(images)
moved = changed(model.named_buffers(), before)
print(f"{model.training = }, {len(moved) = }")

assert (model.training, moved) == (True, [])

# %%
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook freezes the parameters, puts in the new head and gives the optimizer all parameters,
#    as you did above. Frozen parameters alone do not hold the buffers: in training mode they move.
#
# What to remember
# ----------------
#
# - What a network has learned for one task can serve another: then few examples are enough.
# - Freeze first, then put in the new head: 5,130 of 11,181,642 numbers are trained.
# - A frozen part without a tracked input leaves no nodes. Its parameters get no gradient, and the
#   optimizer skips them.
# - Buffers are no parameters. Batch normalization stands still only in evaluation mode.
#
# Exercise
# --------
#
# Free the last block as well: ``model.layer4[1].requires_grad_(True)``. It has two :term:`convolutions <convolution>`,
# each with 512 × 512 filters of 3 × 3 numbers and no bias. It also has two batch normalizations,
# each with 512 weights and 512 biases. How many numbers are trained now? And which leaves does the
# graph of the loss have?

# %%
# .. answer-begin::

# %%
# :math:`2 \cdot 512 \cdot 512 \cdot 9 + 2 \cdot (512 + 512) = 4720640`, and with the head 4,725,770.
# The graph now goes back to this block and ends there. The new leaves are its six parameters. All before
# the block stays out of the graph.
model.layer4[1].requires_grad_(True)
trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
graph = av.trace(cross_entropy(model(images), labels), params=model)
leaves = [node.name for node in graph.nodes if node.kind == "leaf"]
print(f"{trained = :,}, {len(leaves) = }")

assert (
    trained == 2 * 512 * 512 * 9 + 2 * (512 + 512) + 5_130 == 4_725_770
)
names = [name for name, _ in model.named_parameters()]
assert sorted(leaves) == sorted(
    name for name in names if name.startswith(("layer4.1.", "fc."))
)
graph

# %%
# .. answer-end::
#
# You came from one training step (:ref:`page-training-step`) to a network that you change only
# where you want to. One thing that stops large networks is left: a batch that does not fit into
# memory. :ref:`page-micro-batches`.
