r"""
.. _page-fine-tuning:

Fine-tuning
===========

**How do you teach a trained network something new without training all of it?** Freeze it, give it a
new last layer, and train that layer alone. The graph shrinks from 133 nodes to 5. But one part of the
frozen network still moves, and you will find out which.
"""

# %%
# The set-up. This time Python's ``hashlib`` helps: it will tell us which numbers have changed.
import hashlib

import matplotlib.pyplot as plt
import torch
from matplotlib.cbook import get_sample_data
from torch.nn.functional import adaptive_avg_pool2d, cross_entropy

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# A small task
# ------------
#
# Here is the portrait of :ref:`page-training-step` again, cut into ten squares of 64 × 64 pixels. The
# task: see a square, and say which of the ten it is.
portrait = torch.tensor(plt.imread(get_sample_data("grace_hopper.jpg", asfileobj=False)))
middle = portrait[:, 136:376].permute(2, 0, 1) / 255  # (3, 600, 240)
pixels = adaptive_avg_pool2d(middle, (320, 128))
squares = pixels.reshape(3, 5, 64, 2, 64).permute(1, 3, 0, 2, 4).reshape(10, 3, 64, 64)
fig, axes = plt.subplots(2, 5)
for k, ax in enumerate(axes.flat):
    ax.imshow(squares[k].permute(1, 2, 0).numpy())
    ax.set(title=k, xticks=[], yticks=[])
fig.set_label("Ten squares of a portrait, numbered 0 to 9: cap, face, tie, uniform, ribbons.")

# %%
# ResNet18 takes the squares as one batch, shifted and scaled like the pictures that it was trained
# with.
channels = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])
mean, std = channels.reshape(2, 3, 1, 1)
images = ((squares - mean) / std).to(device)  # (10, 3, 64, 64)
labels = torch.arange(10, device=device)  # (10,)
print(f"{images.shape = }, {labels.shape = }")

rows = [squares[k : k + 2].permute(1, 2, 0, 3).reshape(3, 64, 128) for k in range(0, 10, 2)]
assert torch.equal(torch.cat(rows, dim=1), pixels)

# %%
# The whole network
# -----------------
#
# The network comes with :term:`pretrained` weights where they can be loaded.
model, start = av.load_resnet18()
model = model.to(device)
print(f"{start = }")

assert (start.weights is None) != (start.seed is None)

# %%
# .. weights-note::
#
# With every :term:`parameter` free, each operation is tracked, and the graph has 133 nodes. In the
# picture they are grouped by the network's own :term:`modules <module>`.
graph = av.trace(model(images).sum(), params=model)
assert (len(graph.nodes), len(graph.edges)) == (133, 140)
leaves = sum(node.kind == "leaf" for node in graph.nodes)
assert leaves == len(list(model.parameters())) == 62
graph

# %%
# Freeze, then a new head
# -----------------------
#
# :term:`Freeze <to freeze>` all parameters. Then replace the last layer, the :term:`head`
# :class:`Linear(512, 1000) <torch.nn.Linear>`, by one for ten classes. New layers are not frozen, so
# the order matters. How many numbers will be trained? :math:`512 \cdot 10` weights and 10 biases.
model.requires_grad_(False)
model.fc = torch.nn.Linear(512, 10).to(device)
trained = [p.numel() for p in model.parameters() if p.requires_grad]
total = sum(p.numel() for p in model.parameters())
print(f"{trained = }, {sum(trained) = :,}, {total = :,}")

assert sum(trained) == 512 * 10 + 10 == 5_130
assert total == 11_689_512 - (512 * 1000 + 1000) + 5_130 == 11_181_642

# %%
# The frozen graph
# ----------------
#
# An operation without a tracked input leaves no :term:`node` (:ref:`page-out-of-the-graph`). So all of
# the network before the head is missing. The output's graph has 4 nodes: the product, the transposed
# weight, and two leaves. With a sum on top it has 5, and with :func:`~torch.nn.functional.cross_entropy`,
# which is two operations, 6.
output = model(images)  # (10, 10)
loss = cross_entropy(output, labels)
for result, count in ((output, 4), (output.sum(), 5), (loss, 6)):
    graph = av.trace(result, params=model)
    print(f"{len(graph.nodes)}  {[node.op for node in graph.nodes if node.kind != 'leaf']}")
    seen = [result.grad_fn]
    for node in seen:
        seen += [n for n, _ in node.next_functions if n is not None and n not in seen]
    assert len(graph.nodes) == len(seen) == count

# %%
# This is all that ``backward()`` will walk, and all whose intermediate values are kept:
leaves = [node.name for node in graph.nodes if node.kind == "leaf"]
assert sorted(leaves) == ["fc.bias", "fc.weight"]
assert len(graph.nodes) == 6
graph

# %%
# The gradient that is left
# -------------------------
#
# The loss is the mean over ten squares. Let :math:`P` be the softmax of the output, :math:`Y` the
# matrix with a 1 at each right class, and :math:`F` what enters the head, one row a square. Then the
# gradients are those of a network with one layer (:ref:`page-one-layer-network`):
#
# .. math::
#
#    \frac{\partial \ell}{\partial W} = \frac{1}{10} (P - Y)^\top F, \qquad
#    \frac{\partial \ell}{\partial b_j} = \frac{1}{10} \sum_i (P - Y)_{ij}
entered = []
handle = model.fc.register_forward_pre_hook(lambda _, inputs: entered.append(inputs[0]))
loss = cross_entropy(model(images), labels)
handle.remove()
loss.backward()
features = entered[0]  # (10, 512)
print(f"{features.shape = }, {features.requires_grad = }")
print(f"{model.fc.weight.grad.shape = }, {model.conv1.weight.grad = }")

# %%
# Compare with the two formulas, and list the parameters that a gradient has reached.
reached = [name for name, p in model.named_parameters() if p.grad is not None]
print(f"{reached = }")

error = (model.fc(features).softmax(dim=1) - torch.eye(10, device=device)).detach() / 10
torch.testing.assert_close(model.fc.weight.grad, error.T @ features, rtol=1e-4, atol=1e-6)
torch.testing.assert_close(model.fc.bias.grad, error.sum(dim=0))
assert reached == ["fc.weight", "fc.bias"]

# %%
# One step
# --------
#
# Give the :term:`optimizer` *all* parameters. Which will it move? A hash is a short fingerprint of a
# tensor's bytes: if one bit changes, so does the hash.


def hashes(tensors):
    arrays = [(name, tensor.detach().cpu().numpy()) for name, tensor in tensors]
    return {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in arrays}


def changed(before, after):
    return [name for name in before if before[name] != after[name]]


# %%
# We take the hash of all 62 parameters before and after, and print those that have moved. The
# optimizer skips a parameter whose gradient is ``None`` (:ref:`page-emptying-gradients`).
before = hashes(model.named_parameters())
head = [p.detach().clone() for p in model.fc.parameters()]
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)
optimizer.step()
after = hashes(model.named_parameters())
print(f"{len(before) = }, {changed(before, after) = }")

assert changed(before, after) == ["fc.weight", "fc.bias"]
for p, q in zip(model.fc.parameters(), head, strict=True):
    torch.testing.assert_close(p.detach(), q - 1e-2 * p.grad)

# %%
# The trap: what is no parameter
# ------------------------------
#
# A network has more numbers than its parameters. Each of the 20 layers of :term:`batch normalization`
# keeps a :term:`running mean`, a :term:`running variance` and a counter. These are *buffers*. No
# gradient changes them: the :term:`forward pass` does, in training mode, whatever is frozen. Run it
# once, without any step.
before = hashes(model.named_buffers())
old_mean = model.bn1.running_mean.clone()  # (64,)
with torch.no_grad():
    model(images)
after = hashes(model.named_buffers())
print(f"{model.training = }, {len(before) = }")
print(f"{len(changed(before, after)) = }")

assert len(changed(before, after)) == len(before) == 20 * 3
batch_mean = model.conv1(images).mean(dim=(0, 2, 3))  # (64,)
torch.testing.assert_close(model.bn1.running_mean, 0.9 * old_mean + 0.1 * batch_mean)

# %%
# All 60, and not even ``no_grad`` held them. No error, no warning. Does it matter? The buffers are what
# evaluation mode computes with. So compare the predictions before and after one more batch in training
# mode. No parameter moves here, not even one of the head.
with torch.no_grad():
    old = model.eval()(images)  # (10, 10)
    model.train()(images)
    new = model.eval()(images)  # (10, 10)
print(f"{torch.equal(old, new) = }")
print(f"{((new - old).norm() / old.norm()).item() = :.2f}")

assert (new - old).norm() > 1e-3 * old.norm()

# %%
# What the network predicts has drifted away, though its parameters are the same to the last bit.
# The cure is the other switch (:ref:`page-out-of-the-graph`). Frozen *and* in evaluation mode, nothing
# moves:
model.eval()
before = hashes(model.named_buffers())
model(images)
after = hashes(model.named_buffers())
print(f"{len(changed(before, after)) = }")

assert before == after

# %%
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook freezes the parameters, puts in the new head and gives the optimizer all parameters,
#    as you did above. Frozen parameters alone do not hold the buffers: in training mode they move.
#
# Train the head
# --------------
#
# Since the frozen part no longer changes, it gives the same 512 features for the same square in
# every round. So compute them once.
with torch.no_grad():
    head, model.fc = model.fc, torch.nn.Identity()
    features = model(images)  # (10, 512)
    model.fc = head
print(f"{features.shape = }")

assert (features.shape, features.requires_grad) == ((10, 512), False)

# %%
# Then train the head on them: a hundred rounds in a moment.
losses = []
for _ in range(100):
    optimizer.zero_grad()
    loss = cross_entropy(head(features), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

assert losses[-1] < losses[0] / 2

# %%
# The loss falls:
fig, ax = plt.subplots()
ax.semilogy(range(1, 101), losses)
ax.set(xlabel="$k$", ylabel=r"$\ell$")
fig.set_label("The loss over a hundred rounds, on a logarithmic axis: it falls.")

# %%
# Asked in the usual way, from the picture to the answer, the whole network now names each of the ten
# squares. And the gradient at the head is the same whether the features are computed anew or not.
answers = model(images).argmax(dim=1)
print(f"{answers.tolist() = }")

assert torch.equal(answers, labels)
(through_all,) = torch.autograd.grad(cross_entropy(model(images), labels), head.weight)
(from_features,) = torch.autograd.grad(cross_entropy(head(features), labels), head.weight)
torch.testing.assert_close(through_all, from_features, rtol=1e-3, atol=1e-6)

# %%
# It has learned ten pictures by heart, no more. Whether it could name a new one, only new pictures
# would tell.
#
# What to remember
# ----------------
#
# - Freeze first, then put in the new head: 5,130 of 11,181,642 numbers train.
# - A frozen part without a tracked input leaves no nodes. Its parameters get no gradient, and the
#   optimizer skips them.
# - Buffers are no parameters. Batch normalization stands still only after ``eval()``.
#
# Exercise
# --------
#
# Free the last block as well: ``model.layer4[1].requires_grad_(True)``. It has two convolutions,
# each with 512 × 512 filters of 3 × 3 numbers and no bias. It also has two batch normalizations, each with
# 512 weights and 512 biases. How many numbers train now? And which leaves does the graph of the loss have?

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

assert trained == 2 * 512 * 512 * 9 + 2 * (512 + 512) + 5_130 == 4_725_770
names = [name for name, _ in model.named_parameters()]
assert set(leaves) == {name for name in names if name.startswith(("layer4.1.", "fc."))}
graph

# %%
# .. answer-end::
#
# This closes the chapter: from one training step (:ref:`page-training-step`) through the graph
# (:ref:`page-computational-graph`) to a network that you change only where you want to. How batch
# normalization changes a gradient is told in :ref:`page-batchnorm-gradient`.
