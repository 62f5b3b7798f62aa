r"""
.. _page-jacobian-products:

Jacobian products and accumulation
==================================

**What does** ``backward()`` **compute when the result is a whole matrix?** You hand it a weight for
each entry of the result. It computes the product of these weights with the Jacobian matrix, without
ever building that matrix. And it adds this product to what is already in ``.grad``.
"""

# %%
# The set-up. Nothing is random here, so there is nothing to seed.
import math

import matplotlib.pyplot as plt
import torch

import autograd_vi as av

device = av.pick_device()

# %%
# A matrix in, a matrix out
# -------------------------
#
# ``inp`` has 4 rows and 5 columns, with ones on the diagonal. Add 1, square, transpose:
# :math:`\text{out}_{ji} = (\text{inp}_{ij} + 1)^2`. A one becomes 4, a zero becomes 1.
inp = torch.eye(4, 5, device=device).requires_grad_()  # (4, 5)
out = ((inp + 1) ** 2).T  # (5, 4)
print(f"{out = }")

torch.testing.assert_close(out, 1 + 3 * torch.eye(5, 4, device=device))

# %%
# Give each entry the weight 1
# ----------------------------
#
# ``out`` holds 20 numbers, so PyTorch asks for a weight for each: the tensor :math:`v`, with the shape
# of ``out``. What you get is the gradient of :math:`\sum_{ji} v_{ji}\, \text{out}_{ji}`. Each entry of
# ``inp`` has a say in one entry of ``out`` only, with the derivative
# :math:`2\,(\text{inp}_{ij} + 1)`. So with :math:`v = 1` everywhere expect 4 on the diagonal and 2
# elsewhere. (``retain_graph=True`` keeps the graph for a second pass; it comes below.)
ones = torch.ones_like(out)  # (5, 4)
out.backward(ones, retain_graph=True)
print(f"{inp.grad = }")

torch.testing.assert_close(inp.grad, 2 * (inp + 1).detach())
torch.testing.assert_close(
    inp.grad, 2 + 2 * torch.eye(4, 5, device=device)
)

# %%
# Step through it
# ---------------
#
# :func:`autograd_vi.replay` does such a backward pass and records it. Here it runs on a fresh copy, so
# that ``inp.grad`` stays as it is. Watch the shape: the transposition turns the 5×4 weights into 4×5,
# the square multiplies them by :math:`2\,(\text{inp} + 1)`, the addition passes them on.
copy = inp.detach().clone().requires_grad_()  # (4, 5)
replay = av.replay(
    ((copy + 1) ** 2).T, gradient=ones, params={"inp": copy}
)
first = replay.steps[0]
assert (first.grad_outputs[0].shape, first.grad_inputs[0].shape) == (
    (5, 4),
    (4, 5),
)
torch.testing.assert_close(copy.grad, 2 * (inp + 1).detach())
replay


# %%
# The matrix that is never built
# ------------------------------
#
# Read both matrices row by row, as lists of 20 numbers. Then the derivative of every output with
# respect to every input fills a :term:`Jacobian matrix` :math:`J` with 20 rows and 20 columns.
# :func:`torch.autograd.functional.jacobian` builds it. Four entries are 4, sixteen are 2, and all the
# rest is 0.
def f(t):
    return ((t + 1) ** 2).T


J = torch.autograd.functional.jacobian(f, inp.detach()).reshape(20, 20)
counts = [
    J.sub(value).abs().lt(1e-5).sum().item() for value in (4, 2, 0)
]
print(counts)

assert counts == [4, 16, 380]

# %%
# The second opinion moves each of the 20 inputs up and down and looks at all 20 outputs. Each
# :term:`finite difference <finite differences>` is one column of :math:`J`.
x64, h = inp.detach().cpu().double(), 1e-3
steps = h * torch.eye(20, dtype=torch.float64).view(20, 4, 5)
columns = [
    (f(x64 + step) - f(x64 - step)).reshape(20) / (2 * h)
    for step in steps
]
difference = (torch.stack(columns, dim=1) - J.cpu()).abs().max().item()
print(f"{difference < 1e-5 = }")

assert difference < 1e-5

# %%
# Where do they stand? Squares mark the 4s, dots the 2s.
fig, ax = plt.subplots()
for value, mark in ((2, "o"), (4, "s")):
    rows, columns = J.sub(value).abs().lt(1e-5).nonzero().T.cpu()
    ax.plot(columns, rows, mark, label=f"$J_{{kl}} = {value}$")
ax.set(
    xlabel="column l",
    xticks=range(0, 20, 5),
    ylabel="row k",
    yticks=range(0, 20, 4),
)
ax.invert_yaxis()
ax.set_aspect("equal")
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
fig.set_label(
    "Twenty rows and columns with one mark in each; four of the marks "
    "are squares."
)

# %%
# Entry :math:`(i, j)` of ``inp`` is input :math:`l = 5i + j`. It becomes entry :math:`(j, i)` of ``out``,
# the output :math:`k = 4j + i`. The square marks stand where :math:`i = j`.
dots, squares = (
    set(map(tuple, line.get_xydata().tolist())) for line in ax.lines
)
print(f"{sorted(squares) = }")

assert squares == {(5 * i + i, 4 * i + i) for i in range(4)}
assert dots == {
    (5 * i + j, 4 * j + i) for i in range(4) for j in range(5) if i != j
}

# %%
# ``backward(v)`` computes the :term:`vector–Jacobian product`
#
# .. math::
#
#    (v^\top J)_l = \sum_k v_k \, J_{kl}
#
# and never the 400 entries of :math:`J`. (Written as a column, this is the :math:`J^\top v` of
# :ref:`page-vector-calculus`.) Multiply by hand, and both agree. With a million numbers on each
# side, :math:`J` would have :math:`10^{12}` entries.
product = (ones.reshape(20) @ J).reshape(4, 5)
print(f"{product = }")

torch.testing.assert_close(inp.grad, product)

# %%
# Again: 8 and 4
# --------------
#
# A second pass adds the same product to what is there (:ref:`page-emptying-gradients`).
out.backward(ones, retain_graph=True)
print(f"{inp.grad = }")

torch.testing.assert_close(inp.grad, 2 * product)

# %%
# Empty ``.grad`` first, and the third pass gives 4 and 2 again.
inp.grad.zero_()
out.backward(ones)
print(f"{inp.grad = }")

torch.testing.assert_close(inp.grad, product)

# %%
# The mistake: once more, without ``retain_graph``
# ------------------------------------------------
#
# The first two passes had ``retain_graph=True``, the third had not. It walked the graph and freed the
# :term:`saved tensors` on its way, since usually nobody needs them again. A fourth pass finds the nodes,
# but the square has lost the values it needs.
try:
    out.backward(ones)
except RuntimeError as error:
    message = str(error).splitlines()[0]
    lines = message.replace(". ", ".\n")
    print(f"{type(error).__name__}: {lines}")
else:
    raise AssertionError

assert message.startswith(
    "Trying to backward through the graph a second time"
)
assert "Specify retain_graph=True" in message
torch.testing.assert_close(inp.grad, product)

# %%
# When ``retain_graph=True`` is the wrong cure
# --------------------------------------------
#
# The message offers a cure. It is right when you really want two backward passes through *one*
# forward pass, as above. In a training loop the error nearly always says something else: a part of
# the computation stands before the loop and was not run again. Here it is the sigmoid. Both loops
# make :math:`\sigma(w)` smaller, with steps of 4 times the gradient. The derivative of the
# sigmoid is :math:`\sigma(w)(1 - \sigma(w))`.


def four_rounds(f, forward_in_loop):
    w = torch.zeros((), device=device, requires_grad=True)  # ()
    grads = []
    p = f(w)
    for _ in range(4):
        if forward_in_loop:
            p = f(w)
        grads += torch.autograd.grad(
            p, w, retain_graph=not forward_in_loop
        )
        with torch.no_grad():
            w -= 4 * grads[-1]
    return [gradient.item() for gradient in grads]


# %%
# First with the forward pass before the loop, then with one in each round.
stale, right = (
    four_rounds(torch.sigmoid, in_loop) for in_loop in (False, True)
)
print([round(gradient, 4) for gradient in stale])
print([round(gradient, 4) for gradient in right])

torch.testing.assert_close(stale, [0.25] * 4, rtol=1e-5, atol=0)

# %%
# With ``retain_graph=True`` the error is gone, and every gradient is the one at the *first* ``w``.
# The second row is right. To be sure, run the four rounds once more, with the formula instead of
# autograd.
w, on_paper = 0.0, []
for _ in range(4):
    s = 1 / (1 + math.exp(-w))
    on_paper.append(s * (1 - s))
    w -= 4 * on_paper[-1]
print([round(gradient, 4) for gradient in on_paper])

torch.testing.assert_close(right, on_paper, rtol=1e-4, atol=0)

# %%
# Why did no message tell you that ``w`` had moved on? PyTorch watches the values that the graph saved,
# and only these. The derivative of the sigmoid needs its *result*, so that is what was saved, and nobody
# changed it. The square saves ``w`` itself. There the same loop stops in the second round.
try:
    four_rounds(torch.square, forward_in_loop=False)
except RuntimeError as error:
    message = str(error).split(":")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.endswith("has been modified by an inplace operation")

# %%
# So the cure is a forward pass in each round. And if two losses share a forward pass, add them up and go
# back once: ``(loss_1 + loss_2).backward()``.
#
# What to remember
# ----------------
#
# - ``out.backward(v)`` gives :math:`v^\top J`, and ``v`` has the shape of ``out``.
# - It adds to ``.grad``: twice gives twice as much.
# - A backward pass frees the saved tensors. Run forward again, rather than keep the old graph.
#
# Exercise
# --------
#
# Let ``v`` be zero but for ``v[1, 0] = 10``. Where in ``inp.grad`` does a number other than 0 appear,
# and which?

# %%
# .. answer-begin::

# %%
# ``out[1, 0]`` is made from ``inp[0, 1]``: the transposition exchanges row and column. There ``inp`` is
# 0, the derivative is 2, and :math:`10 \cdot 2 = 20`. One row of :math:`J`, times 10.
v = torch.zeros(5, 4, device=device)
v[1, 0] = 10
(gradient,) = torch.autograd.grad(((inp + 1) ** 2).T, inp, v)
print(f"{gradient = }")

torch.testing.assert_close(gradient, 10 * J[4].reshape(4, 5))
assert gradient.nonzero().tolist() == [[0, 1]]
assert gradient[0, 1] == 20

# %%
# .. answer-end::
#
# The products of :ref:`page-vector-calculus` are the same for matrices. ``backward()`` adds them
# up in ``.grad``. Sometimes you want them in your hand instead: :ref:`page-grad-or-backward`.
