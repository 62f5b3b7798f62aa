r"""
.. _page-computational-graph:

The computational graph, node by node
=====================================

**What does one node of the graph do on the way back?** It takes the gradient that arrives,
multiplies it by the derivative of its own operation, and hands the product on. You will step
through a whole graph, find the number at every node on paper too, and meet no other rule.
"""

# %%
# The set-up. Nothing is random here, so there is nothing to seed.
import torch

import autograd_vi as av

device = av.pick_device()

# %%
# A formula and its graph
# -----------------------
#
# Take :math:`z = a x^2 - y^2` for three single numbers, all marked. In one line this is
# ``a * x**2 - y**2``. We write one operation a line, so that each result has a name.
a = torch.tensor(2.0, device=device, requires_grad=True)  # ()
x = torch.tensor(3.0, device=device, requires_grad=True)  # ()
y = torch.tensor(4.0, device=device, requires_grad=True)  # ()
p = x**2
q = a * p
r = y**2
z = q - r
print([t.item() for t in (p, q, r, z)])

values = torch.stack([p, q, r, z])  # (4,)
torch.testing.assert_close(values, a.new_tensor([9, 18, 16, 2]))

# %%
# Each operation left its :term:`node`, in the order in which you computed (:ref:`page-tracking`).
print([type(t.grad_fn).__name__ for t in (p, q, r, z)])

names = ["PowBackward0", "MulBackward0", "PowBackward0", "SubBackward0"]
assert [type(t.grad_fn).__name__ for t in (p, q, r, z)] == names

# %%
# Drawn from the live objects, the :term:`computational graph` has the last operation at the top:
av.trace(z, params={"a": a, "x": x, "y": y})

# %%
# Four operations and three :term:`leaves <leaf>` are 7 nodes. (The box above them only marks where the
# way back begins.) Each node but the subtraction has one :term:`edge` coming in from another node, so
# there are 6 edges.
#
# What becomes of a constant
# --------------------------
#
# Write the number 2 in place of the leaf ``a``. Predict how many nodes are left.
sizes = []
for factor in (a, 2.0):
    graph = av.trace(factor * x**2 - y**2)
    print(f"{len(graph.nodes) = }, {len(graph.edges) = }")
    sizes.append((len(graph.nodes), len(graph.edges)))

assert sizes == [(7, 6), (6, 5)]

# %%
# Only the leaf is gone, and the edge to it. The multiplication stays, since a :term:`gradient` must pass it on its way
# to ``x``. It remembers its factor 2, but nobody asks how ``z`` changes with that.
#
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook embeds a picture from another server, and explains a formula that is not the one in
#    the picture. The drawing above is made from the graph of the ``z`` that you have just computed, so
#    picture and formula cannot differ.
#
# What a node remembers
# ---------------------
#
# The derivative of :math:`x^2` is :math:`2x`, so the node of ``p`` must know ``x`` and the exponent.
# The derivative of :math:`a p` with respect to ``a`` is ``p``, and the other way round. These are the
# :term:`saved tensors`. A subtraction keeps none: its derivatives are 1 and −1, always.
print(f"{p.grad_fn._saved_self = }")
print(f"{p.grad_fn._saved_exponent = }")
print(f"{q.grad_fn._saved_self = }")
print(f"{q.grad_fn._saved_other.item() = }")

assert p.grad_fn._saved_self is x
assert p.grad_fn._saved_exponent == 2
assert q.grad_fn._saved_self.item() == 2
assert q.grad_fn._saved_other.item() == p.item()
assert not {"_saved_self", "_saved_other"} & set(dir(z.grad_fn))

# %%
# Predict the way back
# --------------------
#
# The walk starts at the top with :math:`\partial z / \partial z = 1`. From here each gradient is the
# one that arrives from above in the graph, times one derivative:
#
# .. math::
#
#    \begin{aligned}
#    \frac{\partial z}{\partial q} &= 1 \cdot 1 &
#    \frac{\partial z}{\partial r} &= 1 \cdot (-1) \\
#    \frac{\partial z}{\partial a} &= \frac{\partial z}{\partial q} \cdot p &
#    \frac{\partial z}{\partial y} &= \frac{\partial z}{\partial r} \cdot 2y \\
#    \frac{\partial z}{\partial p} &= \frac{\partial z}{\partial q} \cdot a &
#    \frac{\partial z}{\partial x} &= \frac{\partial z}{\partial p} \cdot 2x
#    \end{aligned}
#
# Fill in the numbers before you go on: ``a = 2``, ``x = 3``, ``y = 4``, ``p = 9``.
#
# Step backward
# -------------
#
# :func:`autograd_vi.replay` does what ``backward()`` does, and records it. Go from step to step with the
# arrows, and compare each number with yours.
replay = av.replay(z, params={"a": a, "x": x, "y": y})
torch.testing.assert_close(
    torch.stack([a.grad, x.grad, y.grad]), a.new_tensor([9, 12, -8])
)
leaves = [
    step.node.name for step in replay.steps if step.node.kind == "leaf"
]
assert leaves == ["y", "a", "x"]
replay

# %%
# The gradient at every node
# --------------------------
#
# What you stepped through is data too. Here is each node in the order in which it ran, with what
# entered and what left, one number for each tracked input. A leaf has no inputs. Instead it
# :term:`accumulates <to accumulate>` in ``.grad`` what arrives.
rows = []
for step in replay.steps:
    (entered,) = [
        float(gradient.tensor) for gradient in step.grad_outputs
    ]
    left = [float(gradient.tensor) for gradient in step.grad_inputs]
    print(
        f"{step.node.name or step.node.op:13} {entered = :5}  {left = }"
    )
    rows.append([entered, *left])

# %%
# Compare each row with your numbers. What enters a node is the derivative of ``z`` with respect to that
# node's *result*; the results, in the order of the list, are ``z``, ``r``, ``y``, ``q``, ``a``, ``p``, ``x``.
by_hand = [
    [1, 1, -1],
    [-1, -1 * 2 * 4],
    [-8],
    [1, 1 * 9, 1 * 2],
    [9],
    [2, 2 * 2 * 3],
    [12],
]
for row, expected in zip(rows, by_hand, strict=True):
    torch.testing.assert_close(
        row, [float(n) for n in expected], rtol=1e-6, atol=0
    )

# %%
# Why did ``y`` come before ``a`` and ``x``? Where two nodes are ready, PyTorch takes the one that was
# recorded last, and the square of ``y`` came after the product. Leaves go first of all. Another order
# would follow the same formulas, as long as a node waits for all that must arrive. (Where many
# gradients are added, the order may change the rounding: :ref:`devices-and-seeds`.)
#
# A check that knows no graph: move each value by :math:`\pm h` and see how far ``z`` moves. Not
# only the leaves: if the computation goes on from there, ``p``, ``q`` and ``r`` are inputs too.
# (In plain Python.)
h = 1e-4
at = {"a": 2.0, "x": 3.0, "y": 4.0, "p": 9.0, "q": 18.0, "r": 16.0}


def z_from(a, x, y, *, p=None, q=None, r=None):
    p = x**2 if p is None else p
    q = a * p if q is None else q
    r = y**2 if r is None else r
    return q - r


# %%
# Each slope stands in the list of the nodes above.
slopes = {}
for name, value in at.items():
    given = {key: at[key] for key in ("a", "x", "y")}
    up, down = (
        z_from(**given | {name: value + step}) for step in (h, -h)
    )
    slopes[name] = round((up - down) / (2 * h), 6)
print(slopes)

assert slopes == {"a": 9, "x": 12, "y": -8, "p": 2, "q": 1, "r": -1}

# %%
# The mistake: asking for the gradient of a constant
# --------------------------------------------------
#
# .. exhibit:: One of the differentiated Tensors does not require grad
#    :name: gradient-of-a-constant
#
#    A tensor without the mark: for the graph it is a constant.
#
#    ``c`` was not marked when the graph was built.
#
#    Mark it with ``requires_grad_()``, and then compute.
#
# What is not in the graph has no gradient, not even 0. Here ``c`` has the value of ``a`` but was never
# marked.
c = torch.tensor(2.0, device=device)  # ()
late = c * x**2 - y**2
try:
    torch.autograd.grad(late, c)
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert (
    message == "One of the differentiated Tensors does not require grad"
)

# %%
# The wrong cure marks ``c`` afterwards. It is still missing in the graph that is already there.
c.requires_grad_()
try:
    torch.autograd.grad(late, c)
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "appears to not have been used in the graph" in message

# %%
# So mark ``c`` *before* you compute. On paper its derivative is :math:`x^2 = 9`.
(gradient,) = torch.autograd.grad(c * x**2 - y**2, c)
print(f"{gradient.item() = }")

assert gradient == 3 * 3

# %%
# What to remember
# ----------------
#
# - A node multiplies what arrives by the derivative of its operation, and hands it on.
# - What this derivative needs, the node saved in the :term:`forward pass`.
# - The graph holds the way to the marked leaves, and nothing else.
#
# Exercise
# --------
#
# Two ways to write :math:`z = a x^2 - x^2`: with ``x**2`` computed twice, and with ``p = x**2``
# computed once and used twice. How many nodes and edges has each graph? Which gradient arrives at
# ``x`` for ``a = 2`` and ``x = 3``?

# %%
# .. answer-begin::

# %%
# Computed twice, the square is in the graph twice: 6 nodes and 6 edges. Computed once, it is one node
# with two edges coming in: 5 nodes and 5 edges. There :math:`a` arrives along one edge and :math:`-1`
# along the other, and the node adds before it runs: :math:`(2 - 1) \cdot 2x = 6`. In the first graph
# the leaf adds, :math:`12 - 6 = 6`. Below is the second.
p, sizes = x**2, []
for z in (a * x**2 - x**2, a * p - p):
    graph = av.trace(z, params={"a": a, "x": x})
    (gradient,) = torch.autograd.grad(z, x, retain_graph=True)
    print(
        f"{len(graph.nodes) = }, {len(graph.edges) = }, "
        f"{gradient.item() = }"
    )
    torch.testing.assert_close(gradient.item(), 6.0, rtol=1e-6, atol=0)
    sizes.append((len(graph.nodes), len(graph.edges)))
assert sizes == [(6, 6), (5, 5)]
graph

# %%
# .. answer-end::
#
# :ref:`page-graph` told when the record is made, and here you have seen what each node of it does.
# What stays out of it, and who decides? :ref:`page-out-of-the-graph`.
