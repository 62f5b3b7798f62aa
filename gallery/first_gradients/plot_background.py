r"""
.. _page-background:

What one round of training does
===============================

**Who changes the weights of a network: the forward pass, the backward pass, or the optimizer?** Only
the optimizer, in its ``step()``. The forward pass computes a result, the backward pass computes
gradients, and neither moves a single parameter.
"""

# %%
# The set-up. A layer draws its first weights by itself, so the seed is set before.
import copy

import matplotlib.pyplot as plt
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# A network is a nested function
# ------------------------------
#
# A :term:`neural network` applies one function after another. Each :term:`layer` has
# :term:`parameters <parameter>`: numbers that are not given with the input, but learned. Here is a
# network of two layers with the parameters :math:`W_1, b_1` and :math:`W_2, b_2`:
#
# .. math::
#
#    f(x) = f_2\bigl(f_1(x;\, W_1, b_1);\, W_2, b_2\bigr), \qquad
#    f_1(x) = \tanh(W_1 x + b_1), \quad f_2(h) = W_2 h + b_2
#
# :class:`torch.nn.Linear` holds a matrix and a vector, drawn at random.
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).to(
    device
)
W1, b1, W2, b2 = net.parameters()  # (3, 2), (3,), (1, 3), (1,)
x = torch.rand(2, generator=g).to(device)  # (2,)
print([tuple(p.shape) for p in (W1, b1, W2, b2)])

assert sum(p.numel() for p in net.parameters()) == 3 * 2 + 3 + 1 * 3 + 1

# %%
# Written as nested Python calls, the formula gives the number that PyTorch's own layers give. Only
# the name behind ``grad_fn`` differs: the layers run other operations for the same formula.


def f1(x, W1, b1):
    return torch.tanh(W1 @ x + b1)


def f2(h, W2, b2):
    return W2 @ h + b2


print(f"{f2(f1(x, W1, b1), W2, b2) = }")
print(f"{net(x) = }")

torch.testing.assert_close(f2(f1(x, W1, b1), W2, b2), net(x))

# %%
# Forward propagation
# -------------------
#
# The :term:`forward pass` runs these functions from the inside out. At its end the
# :term:`loss function` says how far the result is from the target ``t``, in one number:
# :math:`L = (f(x) - t)^2`. The :term:`computational graph` of the loss shows the nesting again, the
# outermost function at the top.
t = torch.ones(1, device=device)  # (1,)
loss = (f2(f1(x, W1, b1), W2, b2) - t).square().sum()
print(f"{loss = }")
av.print_dag(loss, params={"W1": W1, "b1": b1, "W2": W2, "b2": b2})

torch.testing.assert_close(
    loss.item(), (net(x).item() - 1) ** 2, rtol=1e-4, atol=1e-6
)

# %%
# One round has three acts
# ------------------------
#
# The first act is the forward pass that you have just seen. The second is :term:`backpropagation`:
# the :term:`backward pass` walks the graph from the loss to the parameters and puts a
# :term:`gradient` on each (:ref:`page-backward`). The third belongs to the :term:`optimizer`.
# Watch what each act changes.
lr = 0.1
optimizer = torch.optim.SGD(net.parameters(), lr=lr)
start = [p.detach().clone() for p in (W1, b1, W2, b2)]


def state():
    moved = any(
        not torch.equal(p, q)
        for p, q in zip(net.parameters(), start, strict=True)
    )
    return moved, all(p.grad is not None for p in net.parameters())


# %%
# The first value says whether a parameter has moved, the second whether the gradients are there.
loss = (net(x) - t).square().sum()
seen = {"net(x)": state()}
loss.backward()
seen["loss.backward()"] = state()
optimizer.step()
seen["optimizer.step()"] = state()
for act, (moved, grad) in seen.items():
    print(f"{act:17} {moved = !s:5}  {grad = }")

assert list(seen.values()) == [
    (False, False),
    (False, True),
    (True, True),
]

# %%
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook says that in backward propagation the network adjusts its parameters. It does not:
#    ``backward()`` only computes gradients. The adjustment is made by ``optimizer.step()``.
#
# What the step does
# ------------------
#
# Plain :term:`gradient descent` moves every parameter against its gradient, by the
# :term:`learning rate` times the gradient: :math:`p \leftarrow p - \eta\, \partial L / \partial p`.
# The loss becomes smaller.
for p, q in zip(net.parameters(), start, strict=True):
    torch.testing.assert_close(p.detach(), q - lr * p.grad)
after = (net(x) - t).square().sum()
print(f"{loss.item() = :.4f}")
print(f"{after.item() = :.4f}")

assert after < loss

# %%
# Why against the gradient, and why a small step? Compute the loss anew, from any :math:`W_1, b_1,
# W_2, b_2`. (In float64, on the CPU. The network itself stays as it is.) Begin at the start, add
# :math:`-\partial L / \partial p` times :math:`\eta`, and see how steeply the loss falls at
# :math:`\eta = 0`: the slope is :math:`-\lVert \partial L / \partial p \rVert^2`, minus the sum of
# the squares of all entries of the gradients.
origin = [q.cpu().double() for q in start]
grads = [p.grad.cpu().double() for p in net.parameters()]


def loss_after(eta, directions):
    W1, b1, W2, b2 = (
        q + eta * d for q, d in zip(origin, directions, strict=True)
    )
    return (
        (f2(f1(x.cpu().double(), W1, b1), W2, b2) - t.cpu())
        .square()
        .item()
    )


downhill = [-grad for grad in grads]
slope = -sum(grad.square().sum().item() for grad in grads)
print(f"{slope = :.3f}")

# %%
# :term:`Finite differences <finite differences>` agree. And no other step of the same length goes down
# as fast: here are a hundred random ones.


def measured(directions, h=1e-4):
    return (loss_after(h, directions) - loss_after(-h, directions)) / (
        2 * h
    )


length = (-slope) ** 0.5
others = [
    [torch.rand(q.shape, generator=g).double() - 0.5 for q in start]
    for _ in range(100)
]
norms = [
    sum(d.square().sum().item() for d in other) ** 0.5
    for other in others
]
slopes = [
    measured(o) * length / norm
    for o, norm in zip(others, norms, strict=True)
]
print(f"{measured(downhill) = :.3f}, {min(slopes) = :.3f}")

torch.testing.assert_close(measured(downhill), slope, rtol=1e-3, atol=0)
assert min(slopes) > slope

# %%
# Farther away the slope is no longer true. The dashed line has this slope, and the dot is the step that
# the optimizer took.
etas = torch.linspace(0, 0.6, 61).tolist()
curve = [loss_after(eta, downhill) for eta in etas]
fig, ax = plt.subplots()
ax.plot(etas, curve, label=r"$L(p - \eta\, \partial L / \partial p)$")
tangent = r"$L(p) - \eta\, \|\partial L / \partial p\|^2$"
ax.axline(
    (0, curve[0]), slope=slope, color="C1", ls="--", label=tangent
)
(dot,) = ax.plot(
    lr, after.item(), "o", color="C2", label=rf"$\eta = {lr}$"
)
ax.set(
    xlabel="learning rate η",
    ylabel="loss L",
    ylim=(-0.05 * curve[0], 1.05 * curve[0]),
)
ax.legend()
fig.set_label(
    "Against the gradient, the loss falls like its tangent at first, "
    "then rises again."
)

# %%
# The dot lies on the curve, and the curve turns:
print(f"{etas[curve.index(min(curve))] = :.2f}")

torch.testing.assert_close(
    dot.get_ydata()[0], loss_after(lr, downhill), rtol=1e-3, atol=1e-5
)
assert curve[0] > min(curve) < curve[-1]

# %%
# The mistake: waiting for ``backward()`` to train
# ------------------------------------------------
#
# Leave out ``step()``, and nothing complains. Every round computes the gradients, and the loss
# stays where it is. (Each call of ``three_rounds`` begins with a fresh copy of the network.)


def three_rounds(step):
    copied, losses = copy.deepcopy(net), []
    optimizer = torch.optim.SGD(copied.parameters(), lr=lr)
    for _ in range(3):
        optimizer.zero_grad()
        (loss := (copied(x) - t).square().sum()).backward()
        losses.append(loss.item())
        if step:
            optimizer.step()
    return losses, copied


# %%
# First without a step, then with one in each round.
(without, still), (trained, _) = (
    three_rounds(step=False),
    three_rounds(step=True),
)
print([f"{value:.4f}" for value in without])
print([f"{value:.4f}" for value in trained])

assert max(without) - min(without) < 1e-5 < trained[0] - trained[2]
assert trained[0] > trained[1] > trained[2]
assert all(map(torch.equal, still.parameters(), net.parameters()))

# %%
# What to remember
# ----------------
#
# - A network is a nested function of its input, with parameters in every layer.
# - Forward computes the loss, ``backward()`` the gradients, ``step()`` moves the parameters.
# - A step against the gradient lowers the loss if it is short enough.
#
# Exercise
# --------
#
# The smallest network has one parameter: :math:`L = (2w)^2`, and ``w`` starts at 1. Where is ``w``
# after one step with the learning rate 0.1, and with 0.3? What is the loss there?

# %%
# .. answer-begin::

# %%
# The gradient is :math:`8w = 8`. The short step ends at :math:`1 - 0.8 = 0.2`, and the loss falls
# from 4 to 0.16. The long step ends at :math:`1 - 2.4 = -1.4`, beyond the minimum, and the loss
# rises to 7.84.
for lr, w_end, loss_end in ((0.1, 0.2, 0.16), (0.3, -1.4, 7.84)):
    w = torch.ones((), device=device, requires_grad=True)  # ()
    optimizer = torch.optim.SGD([w], lr=lr)
    (2 * w).square().backward()
    optimizer.step()
    print(
        f"{lr = }, {w.item() = :.2f}, {(2 * w).square().item() = :.2f}"
    )
    torch.testing.assert_close(w.item(), w_end, rtol=0, atol=1e-6)
    torch.testing.assert_close(
        (2 * w).square().item(), loss_end, rtol=0, atol=1e-5
    )

# %%
# .. answer-end::
#
# Three acts, with four small tensors. This site is about the second of them. The story begins with
# a mark on a tensor: :ref:`page-tracking`.
