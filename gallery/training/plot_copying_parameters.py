r"""
.. _page-copying-parameters:

Copying parameters
==================

**You give one network the parameters of another. What comes along, and what stays connected?** With
``load_state_dict`` the values come along, and nothing stays connected: neither the memory nor the
gradients. An assignment connects everything, and copies nothing.
"""

# %%
# The set-up: a layer that has already been through one :term:`backward pass`, so that it has gradients too.
from copy import deepcopy

import matplotlib.pyplot as plt
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(10)
device = av.pick_device()
X = torch.tensor(
    [[0.5, -0.6], [0.7, 1.0], [0.2, 0.2]], device=device
)  # (3, 2)
source = nn.Linear(2, 1).to(device)
source(X).mean().backward()

# %%
# Values, and nothing else
# ------------------------
#
# :meth:`~torch.nn.Module.named_parameters` gives pairs of a name and a :term:`parameter`, and
# :meth:`~torch.nn.Module.load_state_dict` takes a dictionary of such pairs. It writes each value into the
# parameter of the same name.
target = nn.Linear(2, 1).to(device)
before = target.weight.detach().clone()
print(target.load_state_dict(dict(source.named_parameters())))
print(f"{target.weight = }")

assert not torch.equal(before, source.weight)
assert torch.equal(target.weight, source.weight)
assert torch.equal(target.bias, source.bias)

# %%
# What about the gradient and the memory?
print(f"{source.weight.grad = }")
print(f"{target.weight.grad = }")
print(f"{target.weight.data_ptr() == source.weight.data_ptr() = }")

assert target.weight.data_ptr() != source.weight.data_ptr()
assert (target.weight.is_leaf, target.weight.requires_grad) == (
    True,
    True,
)
assert (source.weight.grad is None, target.weight.grad) == (False, None)

# %%
# The gradient did not come along: ``target`` has not been through any backward pass. And its parameters
# are leaves as before. The copying itself is not recorded, or a gradient at ``target`` would run back
# into ``source``.
#
# .. admonition:: From the notebook “Tính toán gradient trong torch.Tensor”
#    :class: notebook
#
#    The notebook ends with these lines as a comment, so it shows no result. They work. They are right for
#    a network of linear layers. The mistake below shows where they fall short.
#
# Three ways side by side
# -----------------------
#
# An assignment makes no second network, only a second name. :func:`copy.deepcopy` makes a second network
# of the same kind. Predict each row: is the parameter the same object, does it look at the same memory, has
# it the gradient?
alias = source
copied = deepcopy(source)
ways = {
    "alias = source": alias,
    "load_state_dict": target,
    "deepcopy": copied,
}
rows = []
for way, layer in ways.items():
    p, q = layer.weight, source.weight
    rows.append(
        (p is q, p.data_ptr() == q.data_ptr(), p.grad is not None)
    )
    print(f"{way:15}  {rows[-1]}")

assert rows == [
    (True, True, True),
    (False, False, False),
    (False, False, False),
]
assert torch.equal(copied.weight, source.weight)

# %%
# Train the source
# ----------------
#
# Now train ``source`` for 40 steps toward the targets :math:`y = (1, 0, 1)`, and before each step measure all
# three losses. What is connected learns with it.
y = torch.tensor([[1.0], [0.0], [1.0]], device=device)  # (3, 1)
optimizer = torch.optim.SGD(source.parameters(), lr=0.3)
given = [p.detach().clone() for p in source.parameters()]
losses = []
for _ in range(40):
    losses.append(
        [((layer(X) - y) ** 2).mean().item() for layer in ways.values()]
    )
    optimizer.zero_grad()
    ((source(X) - y) ** 2).mean().backward()
    optimizer.step()

assert losses[-1][0] < losses[0][0]

# %%
# The two others keep every value.
for layer in (target, copied):
    print(
        [
            torch.equal(p, value)
            for p, value in zip(layer.parameters(), given, strict=True)
        ]
    )
    assert all(map(torch.equal, layer.parameters(), given))

# %%
# All three begin alike. Then two stay where they were.
fig, ax = plt.subplots()
for line, way, style in zip(
    zip(*losses, strict=True), ways, ("-", "-", ":"), strict=True
):
    ax.plot(line, style, label=way)
ax.set(xlabel="training step k", ylabel="loss ℓ", ylim=(0, None))
ax.legend(prop={"family": "monospace"})
fig.set_label(
    "Of three losses the first falls; the other two stay on one level "
    "line."
)

torch.testing.assert_close(
    losses[0], [losses[0][0]] * 3, rtol=1e-5, atol=0
)
for line, values in zip(
    ax.lines, zip(*losses, strict=True), strict=True
):
    assert line.get_ydata().tolist() == list(values)

# %%
# The two copies kept what they were given on the day they were made.
#
# ``deepcopy`` of a single tensor
# -------------------------------
#
# A plain leaf tensor is copied together with its gradient, a parameter without it.
leaf = torch.ones(2, device=device, requires_grad=True)  # (2,)
leaf.sum().backward()
print(f"{deepcopy(leaf).grad = }")
print(f"{deepcopy(source.weight).grad = }")

assert deepcopy(leaf).grad.tolist() == [1, 1]
assert deepcopy(leaf).grad.data_ptr() != leaf.grad.data_ptr()
assert (source.weight.grad is None, deepcopy(source.weight).grad) == (
    False,
    None,
)

# %%
# For a *result* ``deepcopy`` refuses: the copy would need a copy of the whole history.
try:
    deepcopy(2 * leaf)
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith(
    "Only Tensors created explicitly by the user (graph leaves)"
)

# %%
# For a result there are two right ways. ``detach().clone()`` copies the values and drops the
# history. ``clone()`` alone is a recorded operation: a gradient passes through it, back to ``leaf``.
result = 2 * leaf
print(f"{result.detach().clone().requires_grad = }")
print(f"{type(result.clone().grad_fn).__name__ = }")
(gradient,) = torch.autograd.grad(result.clone().sum(), leaf)
print(f"{gradient = }")

assert not result.detach().clone().requires_grad
assert result.detach().clone().data_ptr() != result.data_ptr()
assert type(result.clone().grad_fn).__name__ == "CloneBackward0"
assert gradient.tolist() == [2, 2]

# %%
# The mistake: parameters are not everything
# ------------------------------------------
#
# .. exhibit:: Error(s) in loading state_dict for
#    :name: load-state-dict
#    :also: Missing key(s) in state_dict
#           Unexpected key(s) in state_dict
#           size mismatch for
#           copying a param with shape torch.Size
#           the shape in current model is torch.Size
#
#    A dictionary whose names or shapes are not those of the module.
#
#    It came from another kind of module, or it does not hold everything.
#
#    Save ``state_dict()``, and load it into a module that was built in the same way.
#
# A BatchNorm (:ref:`page-batchnorm-gradient`) keeps its :term:`running mean` and
# :term:`running variance` in :term:`buffers <buffer>`: tensors that belong to the module, but that no gradient
# reaches. They are no parameters.
net = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1)).to(device)
net(X)
other = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1)).to(device)
print([name for name, _ in net.named_parameters()])
print([name for name, _ in net.named_buffers()])

# %%
# ``named_parameters`` passes over them, so they are missing when the other network loads.
try:
    other.load_state_dict(dict(net.named_parameters()))
except RuntimeError as error:
    message = str(error)
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith(
    "Error(s) in loading state_dict for Sequential:"
)
assert (
    'Missing key(s) in state_dict: "1.running_mean", "1.running_var"'
    in message
)

# %%
# So take :meth:`~torch.nn.Module.state_dict`: it holds parameters and persistent buffers. The
# quick way out, ``strict=False``, makes the error go away, but the running numbers stay where they
# were. In eval mode such a copy predicts something else.
other.load_state_dict(dict(net.named_parameters()), strict=False)
print(f"{other[1].running_mean = }")
assert other[1].running_mean.item() == 0
assert not torch.allclose(other.eval()(X), net.eval()(X))
other.load_state_dict(net.state_dict())
print(f"{other[1].running_mean = }")

assert torch.equal(other[1].running_mean, net[1].running_mean)
torch.testing.assert_close(
    net[1].running_mean, 0.1 * net[0](X).mean(dim=0).detach()
)
torch.testing.assert_close(other.eval()(X), net.eval()(X))

# %%
# A name that fits, but with another shape, stays an error: ``strict=False`` forgives names only.
wider = nn.Linear(2, 3).to(device)
try:
    wider.load_state_dict(source.state_dict(), strict=False)
except RuntimeError as error:
    message = str(error).splitlines()[1].strip()
    print(message.split(" from")[0])
else:
    raise AssertionError

assert message.startswith("size mismatch for weight")

# %%
# *Persistent* is what a buffer is unless its module says otherwise. One that can be computed anew at any
# time may be registered with ``persistent=False``. Then it is not in the dictionary.
for persistent in (True, False):
    module = nn.Module()
    module.register_buffer(
        "table", torch.arange(3.0), persistent=persistent
    )
    print(f"{persistent = !s:5}  {list(module.state_dict()) = }")
    assert ("table" in module.state_dict()) == persistent

# %%
# What to remember
# ----------------
#
# - ``b.load_state_dict(a.state_dict())`` copies parameters and persistent buffers. Memory and gradients
#   stay apart.
# - ``b = a`` copies nothing. ``deepcopy(a)`` makes a second network without gradients.
# - A result of tracked operations has no ``deepcopy``; use ``detach().clone()``.
#
# Exercise
# --------
#
# You want to keep the best weights, and write ``best = layer.state_dict()``. Then training goes on. What do
# you get back from ``best``?

# %%
# .. answer-begin::

# %%
# The newest weights. ``state_dict`` gives detached tensors, and these share their memory with the parameters.
# A copy that lasts is ``deepcopy(layer.state_dict())``.
layer = nn.Linear(2, 1).to(device)
start = layer.weight.detach().clone()
best, kept = layer.state_dict(), deepcopy(layer.state_dict())
nn.init.zeros_(layer.weight)
print(f"{best['weight'] = }")
print(f"{torch.equal(kept['weight'], start) = }")

assert best["weight"].tolist() == [[0, 0]]
assert best["weight"].data_ptr() == layer.weight.data_ptr()
assert torch.equal(kept["weight"], start)

# %%
# .. answer-end::
#
# You can hand parameters from one network to another. Next, a network that takes over almost all
# of them, and learns something new with the rest: :ref:`page-fine-tuning`.
