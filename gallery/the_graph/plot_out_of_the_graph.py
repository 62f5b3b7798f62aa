r"""
.. _page-out-of-the-graph:

Out of the graph
================

**When is an operation not in the graph?** When none of its inputs is tracked, when tracking is off,
or when it has no derivative. The first of these is how you freeze a part of a network. But a frozen
network is not yet ready to predict: that is another switch.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# One tracked input is enough
# ---------------------------
#
# Three matrices of random numbers, and only ``z`` is marked. Predict both lines.
x, y, z = (
    torch.rand(5, 5, generator=g).to(device) for _ in range(3)
)  # (5, 5)
z.requires_grad_()
print(f"{(x + y).requires_grad = }")
print(f"{(x + z).requires_grad = }")

assert (x + y).grad_fn is None
assert type((x + z).grad_fn).__name__ == "AddBackward0"

# %%
# The graph of ``x + z`` has the addition and the leaf ``z``. Neither ``x`` nor ``x + y`` is in
# any graph.
av.trace(x + z, params={"z": z})

# %%
# There are two exceptions. Under :class:`torch.no_grad` nothing is recorded
# (:ref:`page-turning-tracking-off`). And an operation without a derivative, such as ``argmax`` or a
# comparison, has a result that is not tracked.
with torch.no_grad():
    print(f"{(x + z).requires_grad = }")
    assert (x + z).grad_fn is None
print(f"{z.argmax().requires_grad = }, {(z > 0.5).requires_grad = }")

assert (z.argmax().grad_fn, (z > 0.5).grad_fn) == (None, None)

# %%
# Freeze a layer
# --------------
#
# To :term:`freeze <to freeze>` parameters means to take the mark away: ``requires_grad_(False)``, one of
# the switches of :ref:`page-stop-tracking`. Here is a network of two linear :term:`layers <layer>` with
# the first one frozen. The loss is a mean square.
net = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 1)).to(
    device
)
net[0].requires_grad_(False)
loss = net(x).square().mean()
graph = av.trace(loss, params=net)

assert {node.name for node in graph.nodes if node.kind == "leaf"} == {
    "2.weight",
    "2.bias",
}
assert not any("Tanh" in node.op for node in graph.nodes)
graph

# %%
# The first layer and the ``Tanh`` did run, but they are not in the graph: nothing that entered them
# was tracked. So ``backward()`` ends at the second layer, and the frozen parameters keep ``None``.
loss.backward()
for name, parameter in net.named_parameters():
    print(f"{name:8}  {parameter.grad is None = }")

residual = 2 * net(x).detach() / 5  # (5, 1)
torch.testing.assert_close(net[2].weight.grad, residual.T @ net[:2](x))
assert [p.grad is None for p in net.parameters()] == [
    True,
    True,
    False,
    False,
]

# %%
# The mistake: everything frozen
# ------------------------------
#
# Freeze the second layer too, and empty its gradients. Now no operation has a tracked input. There is
# no graph, and ``backward()`` says so.
net.requires_grad_(False).zero_grad()
loss = net(x).square().mean()
try:
    loss.backward()
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert (
    message
    == "element 0 of tensors does not require grad and does not "
    "have a grad_fn"
)

# %%
# The tempting non-fix
# --------------------
#
# “Does not require grad”? Then mark it, you may think. And the error does go away. Look at the graph:
loss.requires_grad = True
av.trace(loss, params={"loss": loss})

# %%
# One node. The mark did not connect the loss with the network. The loss is now a marked
# :term:`leaf tensor` with nothing behind it, and its only gradient is its own: 1. The
# :term:`optimizer` finds no gradient at the parameters and moves none. It looks like training, and
# trains nothing.
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
before = [p.detach().clone() for p in net.parameters()]
loss.backward()
optimizer.step()
print(f"{loss.grad = }")
for (name, p), q in zip(net.named_parameters(), before, strict=True):
    print(f"{name:8}  {p.grad = }, {torch.equal(p, q) = }")
    assert (p.grad, torch.equal(p, q)) == (None, True)

assert loss.grad.item() == 1

# %%
# The cure is a mark where the learning is to happen: ``net[2].requires_grad_(True)``, *before* the forward
# pass. Then the same two calls move the second layer, and only that one.
net[2].requires_grad_(True)
net(x).square().mean().backward()
optimizer.step()
for (name, p), q in zip(net.named_parameters(), before, strict=True):
    print(f"{name:8}  {torch.equal(p, q) = }")
    assert torch.equal(p, q) == name.startswith("0.")

# %%
# Frozen is not ready to predict
# ------------------------------
#
# A network has a second switch, ``train()`` and ``eval()``. It decides how some layers *compute*. In
# training mode :class:`~torch.nn.Dropout` sets random entries to 0, and
# :term:`batch normalization` uses the mean of the batch (:ref:`page-batchnorm-gradient`) and updates
# its own :term:`running mean`. In evaluation mode both stop. Here are all four positions of the two switches,
# with three questions: Is the result tracked? Do two calls give the same result? Did the running mean
# move?
model = nn.Sequential(
    nn.Linear(5, 50), nn.BatchNorm1d(50), nn.Dropout(0.5)
).to(device)
for training, frozen in (
    (True, False),
    (True, True),
    (False, False),
    (False, True),
):
    model.train(training).requires_grad_(not frozen)
    mean = model[1].running_mean.clone()  # (50,)
    out, again = model(x), model(x)  # (5, 50)
    tracked = out.requires_grad
    same = torch.allclose(out, again, rtol=1e-4, atol=1e-5)
    moved = not torch.equal(model[1].running_mean, mean)
    print(
        f"{training = !s:5}  {frozen = !s:5}  {tracked = !s:5}  "
        f"{same = !s:5}  {moved = }"
    )
    assert (tracked, same, moved) == (
        not frozen,
        not training,
        training,
    )

# %%
# ``frozen`` answers the first question: it decides what is tracked. It changes no formula (PyTorch
# may take a faster way to compute the same formula, and then the last digits can differ).
# ``training`` answers the other two: it decides which formula the network computes, and has no say
# in the tracking. So this frozen network, left in training mode, still gives random answers and
# still changes.
#
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook says that a network is in prediction mode when no parameter requires a gradient. That
#    only stops the tracking. Prediction mode is ``eval()``, and it changes no ``requires_grad``.
#
# In evaluation mode batch normalization computes with its running mean and
# :term:`running variance` (its own weight and bias are still 1 and 0), and dropout passes everything
# on. So you can compute the result yourself. For a prediction, use both: ``eval()``, and
# :class:`torch.no_grad` for that one block. A frozen mark stays until you change it.
model.eval().requires_grad_(True)
with torch.no_grad():
    prediction = model(x)
    linear, norm, _ = model
    by_hand = (linear(x) - norm.running_mean) / (
        norm.running_var + norm.eps
    ).sqrt()
print(
    f"{prediction.requires_grad = }, {linear.weight.requires_grad = }"
)
print(f"{torch.allclose(prediction, by_hand, atol=1e-5) = }")

torch.testing.assert_close(prediction, by_hand, rtol=1e-5, atol=1e-5)

# %%
# What to remember
# ----------------
#
# - An operation is in the graph if one of its inputs is tracked, tracking is on, and it has a derivative.
# - ``requires_grad_(False)`` freezes parameters. It does not change the formula of the network.
# - ``eval()`` changes what some layers compute. It freezes nothing.
#
# Exercise
# --------
#
# Freeze the *second* layer of a two-layer network and leave the first one free. Is the second layer's
# operation in the graph now? Which parameters get a gradient?

# %%
# .. answer-begin::

# %%
# It is. Its input comes from the first layer and is tracked, and a gradient must pass through it to
# get there. The frozen weight takes part in the product, but has no leaf of its own. So only the first
# layer's parameters get a gradient. Freezing the early layers makes the graph short, freezing the
# late ones does not.
net = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 1)).to(
    device
)
net[2].requires_grad_(False)
loss = net(x).square().mean()
graph = av.trace(loss, params=net)
loss.backward()

assert [p.grad is None for p in net.parameters()] == [
    False,
    False,
    True,
    True,
]
residual = 2 * net(x).detach() / 5  # (5, 1)
slope = 1 - net[:2](x).detach() ** 2  # (5, 4)
torch.testing.assert_close(
    net[0].weight.grad, (residual @ net[2].weight * slope).T @ x
)
graph

# %%
# .. answer-end::
#
# What is in a graph was told in :ref:`page-computational-graph`, and here what stays outside.
# Next, you keep a computation out on purpose, because it must not be differentiated:
# :ref:`page-stop-tracking`.
