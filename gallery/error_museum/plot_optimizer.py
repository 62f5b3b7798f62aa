r"""
.. _page-optimizer:

The optimizer and its parameters
================================

**You call** ``optimizer.step()``, **and it stops, or the wrong numbers move. What does an
optimizer hold?** It holds a list of tensor *objects*, not names and not a model. At each step it
reads their ``.grad``. Every exhibit here is a fault in that list, a ``.grad`` that is not what you
think, or a memory of the optimizer's own that no longer fits.
"""

# %%
# The set-up. Nothing is random here but the start of some layers.
import copy
import math
import textwrap
import warnings
from contextlib import contextmanager

import torch
from torch import nn

import autograd_vi as av

av.seed_everything(0)
device = av.pick_device()

# %%
# Each exhibit is a short program. ``raises`` prints the error with which it stops.


@contextmanager
def raises(kind, fragment):
    try:
        yield
    except kind as error:
        message = str(error).splitlines()[0]
        print(textwrap.fill(f"{type(error).__name__}: {message}", 72))
        assert fragment in message
    else:
        raise AssertionError


# %%
# You scaled a weight after you had marked it
# -------------------------------------------
#
# .. exhibit:: can't optimize a non-leaf Tensor
#    :name: non-leaf-parameter
#
#    ``w`` has a ``grad_fn``: it is the result of a multiplication, and the leaf behind it has no
#    name.
#
#    An optimizer changes leaves, the tensors with which a computation begins, and ``backward()``
#    fills only their ``.grad``.
#
#    Mark last: compute the start values, move them, and then call ``requires_grad_()``.
#
# Small start values, written in one line.
w = 0.1 * torch.ones(3, device=device, requires_grad=True)  # (3,)
with raises(ValueError, "can't optimize a non-leaf Tensor"):
    torch.optim.SGD([w], lr=0.5)

# %%
# The :term:`leaf` is the tensor of ones, which no variable of yours holds any more.
av.trace(w, params={"w": w})

# %%
# ``.to(device)`` and ``.to(dtype)`` are operations as well, if they have something to do. If not,
# they return the tensor itself. So the same program passes on the CPU and stops on a GPU. Here a
# change of dtype stands for the change of device.
marked = torch.ones(3, requires_grad=True)  # (3,)
print(f"{marked.to(torch.float32).is_leaf = }")
print(f"{marked.to(torch.float64).is_leaf = }")

assert marked.to("cpu").to(torch.float32) is marked
assert not marked.to(torch.float64).is_leaf

# %%
# The wrong cure detaches the result. The optimizer accepts the new tensor, but the loss is
# computed from the old one. No gradient ever arrives at what the optimizer holds.
optimizer = torch.optim.SGD([w.detach()], lr=0.5)
w.sum().backward()
optimizer.step()
print(f"{w = }")
(held,) = optimizer.param_groups[0]["params"]
print(f"{held.grad = }")

torch.testing.assert_close(w.detach(), torch.full_like(w, 0.1))
assert held.grad is None

# %%
# The cure: first the numbers, then the mark. The derivative of the sum is 1, so each weight goes
# from 0.1 to :math:`0.1 - 0.5 \cdot 1`.
w = (0.1 * torch.ones(3, device=device)).requires_grad_()  # (3,)
optimizer = torch.optim.SGD([w], lr=0.5)
w.sum().backward()
optimizer.step()
print(f"{w = }")

torch.testing.assert_close(w.detach(), torch.full_like(w, 0.1 - 0.5))

# %%
# You kept the layers in a plain list
# -----------------------------------
#
# .. exhibit:: optimizer got an empty parameter list
#    :name: empty-parameter-list
#
#    ``net.parameters()`` gives nothing, because the module has no layer registered.
#
#    A module registers the layers that are its attributes, and does not look into a Python list.
#
#    Put the layers into an ``nn.ModuleList``, or an ``nn.Sequential``.
#
# It looks like a network, and it computes like one.


class Net(nn.Module):
    def __init__(self, holder):
        super().__init__()
        self.layers = holder([nn.Linear(2, 3), nn.Linear(3, 1)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


# %%
# But for PyTorch it has nothing to train.
net = Net(list)
with raises(ValueError, "optimizer got an empty parameter list"):
    torch.optim.SGD(net.parameters(), lr=0.1)

# %%
# The wrong cure collects the parameters by hand. Now the optimizer works, and the rest of PyTorch
# still does not know the layers. Nothing would be saved, and no conversion reaches them.
by_hand = [p for layer in net.layers for p in layer.parameters()]
torch.optim.SGD(by_hand, lr=0.1)
net.double()
print(f"{len(by_hand) = }, {len(net.state_dict()) = }")
print(f"{by_hand[0].dtype = }")

assert (len(by_hand), len(net.state_dict())) == (4, 0)
assert by_hand[0].dtype == torch.float32

# %%
# The cure registers two weights and two biases. Saving and converting see them, too.
net = Net(nn.ModuleList)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
net.double()
print(list(net.state_dict()))
print(f"{net.layers[0].weight.dtype = }")

(group,) = optimizer.param_groups
assert len(group["params"]) == len(net.state_dict()) == 4
assert net.layers[0].weight.dtype == torch.float64

# %%
# The same message comes from a generator that is used up. ``parameters()`` can be walked once.
parameters = net.parameters()
torch.optim.SGD(parameters, lr=0.1)
with raises(ValueError, "optimizer got an empty parameter list"):
    torch.optim.SGD(parameters, lr=0.1)

# %%
# The silent relative is worse: a list of layers beside *one* registered layer. The list of
# parameters is not empty then, so nobody complains, and only that one layer learns: 2 tensors of
# 6. Count your parameters.
net = Net(list)
net.head = nn.Linear(1, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
(group,) = optimizer.param_groups
print(f"{len(group['params']) = }")

assert len(group["params"]) == 2

# %%
# You wrote w = w - lr * w.grad
# -----------------------------
#
# .. exhibit:: unsupported operand type(s) for *: 'float' and 'NoneType'
#    :name: rebound-weight
#    :also: The .grad attribute of a Tensor that is not a leaf Tensor is being accessed
#           unsupported operand type(s) for *: 'NoneType' and 'float'
#
#    In the second round ``w`` is the result of a subtraction, so its ``.grad`` is ``None``.
#
#    ``w = …`` makes a new tensor and gives it the old name; the leaf is left behind.
#
#    Change the leaf itself: ``w -= lr * w.grad`` under ``torch.no_grad()``.
#
# The first round works, and the second stops. A warning comes just before, and speaks of a tensor
# that is not a leaf.
w = torch.tensor(1.0, device=device, requires_grad=True)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    with raises(TypeError, "'float' and 'NoneType'"):
        for _ in range(2):
            ((w - 3) ** 2).backward()
            w = w - 0.1 * w.grad
print(str(caught[0].message).split(". ")[0])

assert [".grad attribute" in str(w.message) for w in caught] == [True]

# %%
# What the name ``w`` stands for after one round:
av.trace(w, params={"w": w})

# %%
# The wrong cure is ``no_grad`` alone. The new tensor then has no ``grad_fn``, but it is not
# tracked either. The second round fails at another place.
w = torch.tensor(1.0, device=device, requires_grad=True)
with raises(RuntimeError, "element 0 of tensors does not require"):
    for _ in range(2):
        ((w - 3) ** 2).backward()
        with torch.no_grad():
            w = w - 0.1 * w.grad
print(f"{w = }")

torch.testing.assert_close(w, w.new_tensor(1 + 0.1 * 4))

# %%
# The cure keeps the object, so an optimizer that holds it would see the change as well. Before you
# look on: the gradient of :math:`(w - 3)^2` is :math:`2(w - 3)`. What is ``w`` after two rounds?
w = torch.tensor(1.0, device=device, requires_grad=True)
for _ in range(2):
    w.grad = None
    ((w - 3) ** 2).backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
print(f"{w = }")

torch.testing.assert_close(w.detach(), w.new_tensor(3 - 2 * 0.8**2))

# %%
# You emptied a gradient before there was one
# -------------------------------------------
#
# .. exhibit:: 'NoneType' object has no attribute 'zero_'
#    :name: zero-of-none
#
#    ``w.grad`` is ``None`` until the first ``backward()`` has filled it.
#
#    ``None`` means that no gradient has arrived, and is no tensor that could be set to zero.
#
#    Write ``w.grad = None``, or ``optimizer.zero_grad()``, which skips what is empty.
#
# Emptying at the top of the loop is right. Only the first round has nothing to empty.
w = torch.tensor(1.0, device=device, requires_grad=True)
with raises(AttributeError, "has no attribute 'zero_'"):
    for _ in range(2):
        w.grad.zero_()
        ((w - 3) ** 2).backward()

# %%
# The wrong cure moves the line to where a gradient exists for sure: behind ``backward()``. The
# error is gone, and so is every gradient.
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(2):
    ((w - 3) ** 2).backward()
    w.grad.zero_()
    optimizer.step()
print(f"{w = }")

assert w.item() == 1

# %%
# The cure stays at the top:
for _ in range(2):
    optimizer.zero_grad()
    ((w - 3) ** 2).backward()
    optimizer.step()
print(f"{w = }")

torch.testing.assert_close(w.detach(), w.new_tensor(3 - 2 * 0.8**2))

# %%
# The same message in the *second* round has another cause: ``w = w - …`` under ``no_grad`` made a
# new tensor, whose ``.grad`` is empty. That is :ref:`the exhibit above <exhibit-rebound-weight>`.
#
# You froze a weight by setting its gradient to zero
# --------------------------------------------------
#
# .. exhibit:: A weight moves although its gradient is zero
#    :name: zero-gradient-moves
#    :shown: gradient = tensor(0.), round(w.item(), 4) = 0.95
#
#    ``.grad`` is a zero, so the weight takes part in the step.
#
#    Weight decay and momentum move a weight without asking the gradient; only ``None`` keeps it
#    out.
#
#    Freeze with ``requires_grad_(False)`` and ``.grad = None``.
#
# There is no message. Predict both rows: a weight of 1.0 takes one step without a gradient, and
# one with the gradient 0. :term:`Weight decay <weight decay>` adds :math:`0.5\,w` to the gradient,
# and the learning rate is 0.1.


for gradient in (None, torch.zeros(())):
    w = nn.Parameter(torch.tensor(1.0))
    w.grad = gradient
    torch.optim.SGD([w], lr=0.1, weight_decay=0.5).step()
    print(f"{gradient = }, {round(w.item(), 4) = }")
    expected = 1.0 if gradient is None else 1.0 - 0.1 * 0.5 * 1.0
    assert round(w.item(), 4) == expected

# %%
# The wrong cure turns off the decay. Now :term:`momentum` moves the weight on, for as long as it
# remembers. The first step has gradient 1 and leads to 0.9. The second has gradient 0, and still
# moves by :math:`0.1 \cdot 0.9 \cdot 1`.
for gradient in (None, torch.zeros(())):
    w = nn.Parameter(torch.tensor(1.0))
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    w.grad = torch.ones(())
    optimizer.step()
    w.grad = gradient
    optimizer.step()
    print(f"{gradient = }, {round(w.item(), 4) = }")
    expected = 0.9 if gradient is None else 0.9 - 0.1 * 0.9 * 1.0
    assert round(w.item(), 4) == round(expected, 4)

# %%
# The rows with ``None`` are the cure. ``zero_grad()`` sets ``None`` since PyTorch 2.0. With
# ``set_to_none=False``, or your own ``grad.zero_()``, frozen weights go on creeping.
#
# You froze a layer after backward()
# ----------------------------------
#
# .. exhibit:: A frozen weight takes one more step
#    :name: frozen-too-late
#    :shown: body.requires_grad = False, round(body.item(), 4) = 0.7
#
#    The mark is off, but the ``.grad`` of the last ``backward()`` is still there.
#
#    The optimizer reads ``.grad`` and never looks at ``requires_grad``.
#
#    After freezing, empty: ``.grad = None``, or ``zero_grad()`` before the next step.
#
# A body and a head, each a single weight. The gradients are 3 and 4.
body = nn.Parameter(torch.tensor(1.0, device=device))
head = nn.Parameter(torch.tensor(1.0, device=device))
optimizer = torch.optim.SGD([body, head], lr=0.1)
(3 * body + 4 * head).backward()
body.requires_grad_(False)
optimizer.step()
print(f"{body.requires_grad = }, {round(body.item(), 4) = }")

torch.testing.assert_close(body, body.new_tensor(1 - 0.1 * 3))

# %%
# The wrong cure gives the optimizer only the head. The body stands still now. But that optimizer
# does not empty the body's old gradient either, and whoever looks at all parameters still counts
# it: clipping does.
head_optimizer = torch.optim.SGD([head], lr=0.1)


def clipped():
    head_optimizer.zero_grad()
    (3 * body + 4 * head).backward()
    norm = nn.utils.clip_grad_norm_([body, head], max_norm=1.0)
    return round(norm.item(), 3), round(head.grad.item(), 3)


with_stale = clipped()
print(f"{with_stale = }")

assert with_stale == (math.hypot(3, 4), 4 / math.hypot(3, 4))

# %%
# The norm should be 4, that of the head alone, and clipping at 1 should leave the head a gradient
# of 1. The old 3 of the body made a norm of :math:`\sqrt{3^2 + 4^2} = 5`, and the head got 4/5.
# Emptied, all is right:
body.grad = None
emptied = clipped()
print(f"{emptied = }")

assert emptied == (4, 4 / 4)

# %%
# You changed the model after you had made the optimizer
# ------------------------------------------------------
#
# .. exhibit:: expected dtype float for `end` but got dtype double
#    :name: optimizer-before-conversion
#    :also: expected scalar type Double but found Float
#
#    The parameters are the same objects with new values in float64; Adam's averages of old
#    gradients are still in float32.
#
#    ``net.double()`` converts what the model holds, and does not know the optimizer.
#
#    Convert first and make the optimizer last, or pass its state through ``load_state_dict``.
#
# Converting keeps the parameter objects, so an optimizer made before still holds the right ones.
# Plain SGD, which remembers nothing, never notices the change.


def trained(net, optimizer, steps):
    x = torch.ones(1, 2, dtype=net.weight.dtype)
    for _ in range(steps):
        optimizer.zero_grad()
        (net(x) ** 4).sum().backward()
        optimizer.step()
    return net.weight[0, 0].item()


start = nn.Linear(2, 1)
nn.init.ones_(start.weight)
nn.init.ones_(start.bias)

# %%
# One step in float32 and one in float64:
net = copy.deepcopy(start)
optimizer = torch.optim.SGD(net.parameters(), lr=1e-3)
trained(net, optimizer, steps=1)
weight = net.double().weight[0, 0].item()
print(f"{trained(net, optimizer, steps=1) < weight = }")
print(f"{net.weight.dtype = }")

assert net.weight[0, 0] < weight < 1
assert net.weight.dtype == torch.float64

# %%
# :class:`~torch.optim.Adam` remembers. After five steps its averages have the old dtype, and the
# sixth step, in the new dtype, fails.
net = copy.deepcopy(start)
optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
held = optimizer.param_groups[0]["params"]
trained(net, optimizer, steps=5)
net.double()
print(f"{held[0] is net.weight = }, {net.weight.dtype = }")
print(f"{optimizer.state[net.weight]['exp_avg'].dtype = }")
with raises(RuntimeError, "expected dtype float"):
    trained(net, optimizer, steps=1)

assert (held[0] is net.weight, held[1] is net.bias) == (True, True)
assert optimizer.state[net.weight]["exp_avg"].dtype == torch.float32

# %%
# The wrong cure makes a new Adam. The error is gone, and so is all that the old one had learned
# about the gradients. The cure hands the optimizer its own state again: loading converts it to the
# dtype of the parameters.


def converted_after_five(keep_state):
    net = copy.deepcopy(start)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    trained(net, optimizer, steps=5)
    net.double()
    if keep_state:
        optimizer.load_state_dict(optimizer.state_dict())
    else:
        optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    return trained(net, optimizer, steps=5)


# %%
# Ten steps in float64 from the start say which of the two goes on as if nothing had happened.
reference = copy.deepcopy(start).double()
optimizer = torch.optim.Adam(reference.parameters(), lr=0.1)
expected = trained(reference, optimizer, steps=10)
print(f"{expected = :.4f}")
print(f"{converted_after_five(keep_state=True) = :.4f}")
print(f"{converted_after_five(keep_state=False) = :.4f}")

assert abs(converted_after_five(keep_state=True) - expected) < 1e-5
assert abs(converted_after_five(keep_state=False) - expected) > 1e-2

# %%
# You replaced the head after you had made the optimizer
# ------------------------------------------------------
#
# .. exhibit:: The new head never moves
#    :name: replaced-after-optimizer
#    :shown: step_moves_the_head(net, optimizer) = False
#
#    The optimizer's list holds the old head, to which no gradient comes any more.
#
#    An attribute of the model got a new object, and the optimizer knows objects, not attributes.
#
#    Make the optimizer after the model is as it shall be, or use ``add_param_group``.
#
# A new layer is another object. This time there is no message: the optimizer goes on changing what
# it holds.


def step_moves_the_head(net, optimizer):
    before = net[1].weight.detach().clone()
    optimizer.zero_grad()
    (net(torch.ones(1, 2, device=device)) - 5).square().sum().backward()
    optimizer.step()
    return not torch.equal(net[1].weight, before)


# %%
# A network, an optimizer, and then a new head:
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)).to(device)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
net[1] = nn.Linear(2, 1).to(device)
print(f"{step_moves_the_head(net, optimizer) = }")
print(f"{net[1].weight.grad is None = }")

assert not step_moves_the_head(net, optimizer)
assert net[1].weight.grad is not None

# %%
# The gradient of the new head is there, and nobody uses it. Nobody empties it either:
# ``zero_grad()`` of that optimizer does not reach it, so it piles up.
#
# The wrong cure repeats the optimizer's call to ``zero_grad()`` on the model. Now the gradient is
# right, and still unused.
net.zero_grad()
print(f"{step_moves_the_head(net, optimizer) = }")

assert not step_moves_the_head(net, optimizer)

# %%
# The cure tells the optimizer. ``add_param_group`` keeps what it remembers of the other
# parameters; a new optimizer, made after the change, is the simplest.
optimizer.add_param_group({"params": list(net[1].parameters())})
print(f"{step_moves_the_head(net, optimizer) = }")

assert step_moves_the_head(net, optimizer)

# %%
# What to remember
# ----------------
#
# - An optimizer holds objects. Make it last: after moving, converting, replacing and marking.
# - Update a leaf in place under ``no_grad``; ``w = w - …`` makes another tensor.
# - An empty gradient is ``None``. A zero is a gradient, and decay and momentum move with it.
# - Frozen means ``requires_grad`` off *and* ``.grad`` empty.
#
# Exercise
# --------
#
# For safety, someone keeps a copy: ``optimizer = SGD(net.parameters(), …)``, and then ``net =
# copy.deepcopy(net)`` before the training. The loss never changes. Which exhibit is this, and what
# is the smallest repair?

# %%
# .. answer-begin::

# %%
# It is the last one, for the whole model. The name ``net`` stands for the copy, and the optimizer
# holds the parameters of the original. Keep the *copy* under another name, and go on training the
# original.
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)).to(device)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
kept = copy.deepcopy(net)
print(f"{step_moves_the_head(kept, optimizer) = }")
print(f"{step_moves_the_head(net, optimizer) = }")

assert not step_moves_the_head(kept, optimizer)
assert step_moves_the_head(net, optimizer)

# %%
# .. answer-end::
#
# How a training step should look is shown on :ref:`page-training-step`, and what freezing means
# for a whole network on :ref:`page-fine-tuning`. In the room before, the gradients themselves were
# broken (:ref:`page-nan`); in the last one nothing ever says a word: :ref:`page-silence`.
