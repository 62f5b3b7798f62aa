r"""
.. _page-second-derivatives:

Second derivatives
==================

**How do you differentiate a derivative?** Ask for the first one with ``create_graph=True``. Then
PyTorch also records how it computed that derivative, and can walk back through this record, too.
"""

# %%
# The set-up. Nothing is random here.
import warnings

import matplotlib.pyplot as plt
import torch
from torch.autograd.functional import hessian, jacobian

import autograd_vi as av

device = av.pick_device()

# %%
# A gradient with a graph of its own
# ----------------------------------
#
# Take :math:`f(x) = x^3` at 2. With pencil and paper, :math:`f'(x) = 3x^2`, so the slope is 12.
# :func:`torch.autograd.grad` finds it. Look at what ``create_graph=True`` adds: the slope has a
# ``grad_fn``.
x = torch.tensor(2.0, device=device, requires_grad=True)  # ()
(slope,) = torch.autograd.grad(x**3, x, create_graph=True)
print(f"{slope = }")

torch.testing.assert_close(slope, 3 * x**2)
assert slope.item() == 12

# %%
# So the slope is a result like any other, made from ``x`` by operations that were recorded. This
# is its :term:`computational graph`. It does not compute :math:`x^3`. It computes :math:`3x^2`.
av.trace(slope, params={"x": x})

# %%
# What has a graph can be differentiated. The answer is a :term:`higher-order derivative`:
# :math:`f''(x) = 6x`. Before you look on: what is it at 2, and what is the third derivative?
(curvature,) = torch.autograd.grad(slope, x, create_graph=True)
(third,) = torch.autograd.grad(curvature, x)
print(f"{curvature = }")
print(f"{third = }")

torch.testing.assert_close(curvature, 6 * x)
assert (curvature.item(), third.item()) == (12, 6)

# %%
# Twelve again: at 2, the first and the second derivative are equal by chance. A picture shows
# both at many places. Each entry of ``f`` depends on one entry of ``xs`` alone, so the gradient
# of the sum holds all slopes at once.
xs = torch.linspace(-1, 3, 41, requires_grad=True)  # (41,)
t = xs.detach()
f = xs**3  # (41,)
(f1,) = torch.autograd.grad(f.sum(), xs, create_graph=True)
(f2,) = torch.autograd.grad(f1.sum(), xs)

# %%
# The two curves meet where :math:`3x^2 = 6x`, at 0 and at 2.
fig, ax = plt.subplots()
for values, name in ((f, "$x^3$"), (f1, "$3x^2$"), (f2, "$6x$")):
    ax.plot(t, values.detach(), label=name)
ax.plot([0, 2], [0, 12], "C3o", markersize=6)
ax.set(xlabel="$x$", ylim=(-7, 28))
ax.legend()
fig.set_label("x³ with its two derivatives, which meet at 0 and 2.")
plt.show()

drawn = [torch.tensor(line.get_ydata()) for line in ax.lines[:3]]
torch.testing.assert_close(drawn, [t**3, 3 * t**2, 6 * t])

# %%
# The mistake: no ``create_graph``
# --------------------------------
#
# Without it, the gradient is a plain number without history, and there is nothing to walk back
# through.
(slope,) = torch.autograd.grad(x**3, x)
print(f"{slope = }")
try:
    torch.autograd.grad(slope, x)
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "does not require grad and does not have a grad_fn" in message

# %%
# ``slope.requires_grad_()`` would silence the message and cure nothing. It makes ``slope`` a
# :term:`leaf`, and no path leads from there to ``x``.
#
# The mistake: ``backward()`` twice
# ---------------------------------
#
# ``backward()`` knows ``create_graph``, too. Its first call puts 12 into ``x.grad``. The second
# one differentiates that number and finds 12. What does ``x.grad`` hold in the end?
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    (x**3).backward(create_graph=True)
x.grad.backward()
print(f"{x.grad = }")
print(str(caught[0].message).split(" between")[0])

at = x.detach()
torch.testing.assert_close(x.grad.detach(), 3 * at**2 + 6 * at)
assert "will create a reference cycle" in str(caught[0].message)

# %%
# ``backward()`` :term:`accumulates <to accumulate>`: 12 and 12 are 24, neither the first
# derivative nor the second. PyTorch warns of one more trap: ``x`` holds ``x.grad``, whose graph
# holds ``x``. This circle keeps both in memory until you empty ``x.grad``. With
# :func:`torch.autograd.grad` neither happens: it returns, and adds nothing.
x.grad = None

# %%
# Two inputs: the Hessian
# -----------------------
#
# For :math:`g(u) = u_1^2 u_2 + u_2^3` the gradient has two entries, :math:`2u_1u_2` and
# :math:`u_1^2 + 3u_2^2`. Each entry has two derivatives. Together they are the :term:`Hessian
# matrix`:
#
# .. math::
#
#    H = \begin{pmatrix} 2u_2 & 2u_1 \\ 2u_1 & 6u_2 \end{pmatrix}
#
# One walk back for each row. The rows share a graph, so all but the last walk must keep it.


def g(u):
    return u[0] ** 2 * u[1] + u[1] ** 3


u = torch.tensor([1.0, 2.0], device=device).requires_grad_()  # (2,)
(gradient,) = torch.autograd.grad(g(u), u, create_graph=True)  # (2,)
rows = []
for entry in gradient:
    rows += torch.autograd.grad(entry, u, retain_graph=True)
H = torch.stack(rows)  # (2, 2)
print(f"{H = }")

torch.testing.assert_close(H, H.new_tensor([[4, 2], [2, 12]]))

# %%
# A check without any second derivative: move one entry of ``u``, and see how the gradient changes
# (:term:`finite differences`, in float64 on the CPU). And
# :func:`~torch.autograd.functional.hessian` finds the matrix in one call. (The gradient of one
# number is its :term:`Jacobian <Jacobian matrix>`, so ``jacobian`` gives it.)
columns = []
at = u.detach().cpu()
for move in 1e-5 * torch.eye(2, dtype=torch.float64):
    change = jacobian(g, at + move) - jacobian(g, at - move)
    columns.append(change / 2e-5)
nearby = torch.stack(columns, dim=1)  # (2, 2)
print(nearby)
print(hessian(g, u.detach()))

torch.testing.assert_close(nearby, H.cpu().double(), rtol=1e-6, atol=0)
torch.testing.assert_close(hessian(g, u.detach()), H)

# %%
# Hessian times vector, without the Hessian
# -----------------------------------------
#
# With :math:`n` inputs, ``H`` has :math:`n^2` entries. Often you only want its product with one
# :term:`vector` ``v``: how the gradient changes along ``v``. The product of the gradient and
# ``v`` is one number, and its gradient is ``H @ v``, since ``H`` is symmetric.
v = torch.tensor([1.0, -1.0], device=device)  # (2,)
(gradient,) = torch.autograd.grad(g(u), u, create_graph=True)  # (2,)
(Hv,) = torch.autograd.grad(gradient @ v, u)  # (2,)
print(f"{Hv = }")

torch.testing.assert_close(gradient.tolist(), [4.0, 13.0])
torch.testing.assert_close(Hv, H @ v)
torch.testing.assert_close(Hv, H.new_tensor([2, -10]))

# %%
# That is one more walk back, however many inputs there are. Take 100,000 of them and
# :math:`\tfrac12 (\sum_i z_i)^2 + \tfrac16 \sum_i z_i^3`. The Hessian would have :math:`10^{10}`
# entries, 40 GB in float32. All of them are 1, and :math:`z_i` is added on the diagonal. So the
# product has the entries :math:`\sum_j v_j + z_i v_i`.
z = torch.linspace(0, 1, 100_000, device=device)  # (100000,)
z.requires_grad_()
v = torch.linspace(-1, 1, 100_000, device=device)  # (100000,)
value = z.sum() ** 2 / 2 + (z**3).sum() / 6
(gradient,) = torch.autograd.grad(value, z, create_graph=True)
(Hv,) = torch.autograd.grad((gradient * v).sum(), z)
print(f"{Hv.shape = }")

products = v.sum() + z.detach() * v
torch.testing.assert_close(Hv, products, rtol=0, atol=4e-3)

# %%
# What to remember
# ----------------
#
# - ``create_graph=True`` records the walk back, so its result can be differentiated again.
# - Ask for higher derivatives with :func:`torch.autograd.grad`. ``backward()`` adds them all up
#   in ``.grad``.
# - After the gradient, a Hessian takes one more walk back for each row, its product with a vector
#   only one.
#
# Exercise
# --------
#
# Some losses contain a gradient, to keep it small. Let the loss be :math:`(f'(x))^2` with
# :math:`f(x) = x^3` again, at 2. Predict its gradient.

# %%
# .. answer-begin::

# %%
# By the :term:`chain rule` it is :math:`2 f'(x) f''(x) = 2 \cdot 12 \cdot 12 = 288`. The other
# way round, :math:`(3x^2)^2 = 9x^4` has the derivative :math:`36x^3`, and that is 288 as well.
(slope,) = torch.autograd.grad(x**3, x, create_graph=True)
(slope**2).backward()
print(f"{x.grad = }")

torch.testing.assert_close(x.grad, 36 * x.detach() ** 3)

# %%
# .. answer-end::
#
# The first derivative, and what ``.grad`` is, stand in :ref:`page-backward`. Here every check
# was a formula from paper. What checks a gradient when you have no formula?
# :ref:`page-gradcheck`.
