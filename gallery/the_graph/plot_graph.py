r"""
.. _page-graph:

The graph
=========

**What does PyTorch record, and when?** While your code runs forward, every tracked operation
leaves a function object that can compute its part of the gradient. Together they form a directed
acyclic graph. Each forward pass builds a new one; the backward pass walks it from the root to
the leaves. You will see this graph as a whole, walk it yourself, and watch it being made anew.
"""

# %%
# The set-up: a network of one layer, with five inputs and three outputs, and its loss.
# (:ref:`page-one-layer-network` trains it; here it is only something to record.)
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()
x = torch.ones(5, device=device)  # (5,)
y = torch.tensor([0.0, 1.0, 1.0], device=device)  # (3,)
w = torch.randn(5, 3, generator=g).to(device).requires_grad_()  # (5, 3)
b = torch.randn(3, generator=g).to(device).requires_grad_()  # (3,)
loss = binary_cross_entropy_with_logits(x @ w + b, y)

# %%
# A real one
# ----------
#
# This is the :term:`computational graph` of the loss, drawn from the live objects by
# :func:`autograd_vi.trace`. The arrows show the way back.
av.trace(loss, params={"w": w, "b": b})

# %%
# Each :term:`node` is a function object. It belongs to one operation and computes the gradient of
# that operation, not the operation itself.
#
# - The :term:`root` is the output: the node of ``loss``, where the way back begins.
# - The :term:`leaves <leaf>` are the inputs that you marked: ``w`` and ``b``, where the way back ends.
#   ``x`` and ``y`` are not marked, so they are not there.
# - An :term:`edge` leads from the node of an operation to the node of one of its inputs.
#
# ``x @ w`` left two nodes. To multiply, PyTorch makes ``x`` a row, so the result is a matrix of
# shape (1, 3). Then it squeezes the row away. The graph shows what really ran.
#
# Edges have a direction, and no way along them leads back to where it started, since an operation
# needs its inputs first. So this is a
# :term:`directed acyclic graph (DAG) <directed acyclic graph>`. The plain data behind the picture
# let you count.
graph = av.trace(loss, params={"w": w, "b": b})
print(f"{len(graph.nodes) = }, {len(graph.edges) = }")
print([graph.nodes[i].op for i, _ in graph.roots])
print([node.name for node in graph.nodes if node.kind == "leaf"])

assert (len(graph.nodes), len(graph.edges)) == (6, 5)
assert [graph.nodes[i].op for i, _ in graph.roots] == [
    type(loss.grad_fn).__name__
]
assert [node.name for node in graph.nodes if node.kind == "leaf"] == [
    "w",
    "b",
]
assert ((1, 3),) in [node.shapes for node in graph.nodes]

# %%
# .. admonition:: From the notebook “Tự động tính đạo hàm với torch.autograd”
#    :class: notebook
#
#    The notebook says that *nodes* are the inputs and roots the outputs. It means the *leaves*. Every
#    point of the graph is a node: leaves, roots, and all between them.
#
# Forward: compute and record
# ---------------------------
#
# Each operation of the :term:`forward pass` gives more than its result. The result's ``grad_fn`` is the
# function that will compute the operation's gradient. It keeps the values that it will need.
#
# Backward: compute, add, pass on
# -------------------------------
#
# The :term:`backward pass` starts at the root with :math:`\partial \ell / \partial \ell = 1`. At each
# node it computes the gradients for the node's inputs. Those for a leaf it
# :term:`accumulates <to accumulate>` in ``.grad`` (:ref:`page-emptying-gradients` shows that it adds).
# The others it passes on, until all leaves are reached. This is the :term:`chain rule`, run from the
# root to the leaves.
#
# Walk it yourself
# ----------------
#
# The nodes are functions, so you can call them. ``waiting`` holds the nodes whose gradient has arrived.
# Take the first, call it, and put those of its inputs at the end, until none is left. (Here each node
# has one way in. With several, one must first wait and add.)


def walk_back(node, gradient):
    waiting, order, at_leaves = [(node, gradient)], [], {}
    while waiting:
        node, gradient = waiting.pop(0)
        order.append((type(node).__name__, tuple(gradient.shape)))
        if hasattr(node, "variable"):
            at_leaves[node.variable] = gradient
        else:
            waiting += inputs_of(node, node(gradient))
    return order, at_leaves


# %%
# A node with one input returns a tensor, with several a tuple. Inputs that nobody tracks have no node.


def inputs_of(node, left):
    left = left if isinstance(left, tuple) else (left,)
    pairs = zip(node.next_functions, left, strict=True)
    return [
        (following, gradient)
        for (following, _), gradient in pairs
        if following
    ]


with torch.no_grad():
    order, at_leaves = walk_back(
        loss.grad_fn, torch.ones((), device=device)
    )
for name, shape in order:
    print(f"{name:38} {shape}")

# %%
# Two gradients arrived at leaves, that of ``b`` and that of ``w``. ``backward()`` walks the same
# graph and gets the same numbers. (:ref:`page-one-layer-network` finds them on paper.)
loss.backward()
print(f"{at_leaves[b] = }")
print(f"{b.grad = }")

assert len(order) == len(graph.nodes)
on_paper = (torch.sigmoid(x @ w + b) - y).detach() / 3
for gradients in (at_leaves, {b: b.grad, w: w.grad}):
    torch.testing.assert_close(gradients[b], on_paper)
    torch.testing.assert_close(gradients[w], on_paper.expand(5, 3))

# %%
# Rebuilt by every forward pass
# -----------------------------
#
# The graph records what ran, not what your code might have done. So Python's ``if`` and ``while``
# need no special form: each call takes its own way and makes its own graph.


def f(t):
    while t.norm() < 9:
        t = 2 * t
    if t[0] < 0:
        t = t**2
    return t.sum()


# %%
# Call this function with two different inputs. Predict how many multiplications each graph holds.
pairs = torch.tensor([[3.0, 4.0], [-0.6, 0.8]], device=device)  # (2, 2)
leaves = [pair.clone().requires_grad_() for pair in pairs]
results = [f(t) for t in leaves]
for t, result in zip(leaves, results, strict=True):
    av.print_dag(result, params={"t": t})

assert [str(av.trace(r)).count("MulBackward0") for r in results] == [
    1,
    4,
]
assert ["PowBackward0" in str(av.trace(r)) for r in results] == [
    False,
    True,
]

# %%
# Length 5 needs one doubling, length 1 four, and a negative first entry is squared. No loop is
# left in the graph, and no condition. The gradient is that of the way that was taken. For the
# first input that way computes :math:`\sum 2t`, with the derivative 2. For the second it computes
# :math:`\sum (16t)^2`, with the derivative :math:`512\,t`.
for t, result in zip(leaves, results, strict=True):
    result.backward()
    print(f"{t.grad = }")

torch.testing.assert_close(
    leaves[0].grad, torch.full_like(leaves[0], 2.0)
)
torch.testing.assert_close(leaves[1].grad, 512 * leaves[1].detach())

# %%
# The mistake: an update between forward and backward
# ---------------------------------------------------
#
# The graph of :math:`\sum w_i^2` keeps ``w`` itself, since the derivative :math:`2w` needs it. If you
# change the values before the way back, the record no longer fits.
w = torch.ones(2, device=device, requires_grad=True)  # (2,)
loss = (w**2).sum()
with torch.no_grad():
    w *= 3

# %%
# PyTorch counts the changes of each tensor, and refuses.
try:
    loss.backward()
except RuntimeError as error:
    message = str(error).split(":")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.endswith("has been modified by an inplace operation")

# %%
# The cure is the order: forward, backward, then the update. The next round begins with a new forward
# pass, and so with a new graph.
#
# What to remember
# ----------------
#
# - Nodes are gradient functions. The root is the output, the leaves are the marked inputs.
# - Forward: compute and record. Backward: compute gradients, add them at leaves, pass on the others.
# - The graph holds what ran, and is new for each forward pass.
#
# Exercise
# --------
#
# Start with ``y = t`` and run ``y = y + y`` three times. How many nodes does the graph have, and how
# many edges? In how many ways can you walk from the root to the leaf? And what is the gradient?

# %%
# .. answer-begin::

# %%
# Three additions and one leaf: 4 nodes. Each addition has two inputs, so there are 6 edges. At each
# addition you choose one of two edges, so there are :math:`2^3 = 8` ways. The chain rule adds over
# all ways, and the gradient is 8. PyTorch does not walk eight times: each node waits until all has
# arrived, adds, and runs once. So the graph is no tree: in a tree, only one way leads to each node.
t = torch.ones((), device=device, requires_grad=True)  # ()
y = t
for _ in range(3):
    y = y + y
graph = av.trace(y, params={"t": t})
assert (len(graph.nodes), len(graph.edges)) == (4, 6)
y.backward()
assert t.grad == 2**3 == y
graph

# %%
# .. answer-end::
#
# Here you walked the graph of a network, and looked at shapes. Next comes a formula so short that
# you can work out the gradient at each of its nodes on paper: :ref:`page-computational-graph`.
