"""Tensors that say they live on an accelerator, on a machine without one.

Code that works on the CPU alone breaks on a GPU in a few ways. A tensor that was made without ``device=`` meets one of
the device; NumPy is handed a tensor that it cannot read; on a Mac's GPU there is no float64. Here every tensor stays on
the CPU and remembers where it would live. The functions of torch look, refuse what the device would refuse, and hand
that place on to their results.

A tensor of which nobody saw how it was made, such as one that a hook receives, has no place and goes with any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

import autograd_vi.device
import autograd_vi.sources
from sitebuild.checks import tensor_text

_CPU = torch.device("cpu")
_MEETS_ANY = frozenset(
    {
        "__getitem__",
        "__setitem__",
        "_has_compatible_shallow_copy_type",
        "backward",
        "copy_",
        "index",
        "index_put_",
    }
)
"""Functions whose tensors may live in several places."""

_FILLS = frozenset({"fill_", "normal_", "uniform_", "zero_"})
"""Functions that give a module's parameter its first values."""


class Accelerator(TorchFunctionMode):
    """Lets tensors on ``device`` behave as if this machine had it.

    Args:
        device: such as ``cuda:0``.
        float64: whether the device knows this type.
    """

    def __init__(self, device: str, *, float64: bool = True) -> None:
        super().__init__()
        self.device = torch.device(device)
        self._float64 = float64

    def place(self, tensor: torch.Tensor) -> torch.device | None:
        """Return where ``tensor`` would live, or None where nobody knows."""
        return getattr(tensor, "_imitated_place", None)

    def put(self, value: Any, place: torch.device | None) -> Any:
        """Let all tensors of ``value`` live at ``place``, and return it."""
        for tensor in tree_leaves(value):
            if isinstance(tensor, torch.Tensor) and place is not None:
                if place == self.device and tensor.dtype == torch.float64 and not self._float64:
                    kind = self.device.type.upper()
                    raise TypeError(f"Cannot convert a {kind} Tensor to float64 dtype")
                tensor._imitated_place = place  # type: ignore[attr-defined]  # our own mark
        return value

    def _common_place(self, name: str, *values: Any) -> torch.device | None:
        """Return where the tensors of ``values`` live together.

        Raises:
            RuntimeError: one is on the device, and another one with at least one dimension on the CPU.
        """
        tensors = [tensor for tensor in tree_leaves(values) if isinstance(tensor, torch.Tensor)]
        places = {self.place(tensor) for tensor in tensors}
        stray = any(self.place(tensor) == _CPU and tensor.dim() for tensor in tensors)
        if self.device in places and stray and name not in _MEETS_ANY:
            raise RuntimeError(
                "Expected all tensors to be on the same device, but found at least two devices, "
                f"{self.device} and cpu! ({name})"
            )
        if self.device in places:
            return self.device
        return _CPU if _CPU in places else None

    def _target(self, values: tuple[Any, ...], named: dict[str, Any]) -> torch.device | None:
        """Return the device that a call names, if it names one."""
        for value in (named.get("device"), *values):
            if isinstance(value, torch.device):
                return value
            if isinstance(value, str):
                return torch.device(value)
        return None

    def _moved(self, func: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        """Do what ``to`` and ``cpu`` do: copy where the place changes."""
        (tensor, *rest), name = args, func.__name__
        if name == "cpu":
            target: torch.device | None = _CPU
        elif rest and isinstance(rest[0], torch.Tensor):
            target = self.place(rest[0])
        else:
            target = self._target(tuple(rest), kwargs)
        here = self.place(tensor)
        if target is None or target.type == (here or _CPU).type:
            # Everything is on the CPU in truth, so that is what the call names; the order of arguments stays.
            kept = [_CPU if self._target((value,), {}) else value for value in rest]
            named = kwargs | ({"device": _CPU} if kwargs.get("device") else {})
            out = tensor if name == "cpu" else tensor.to(*kept, **named)
            return self.put(out, here)
        types = [
            getattr(value, "dtype", value) for value in rest
        ]  # of another tensor, or by itself
        kept = [value for value in types if isinstance(value, torch.dtype)]
        dtype = kwargs.get("dtype", kept[0] if kept else tensor.dtype)
        copied = tensor.to(dtype=dtype, copy=True)
        return self.put(copied, self.device if target.type == self.device.type else target)

    def _made(self, func: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        """Make a tensor on the device that the call names."""
        target = torch.device(kwargs.pop("device"))
        generator = kwargs.get("generator")
        if generator is not None and generator.device.type != target.type:
            raise RuntimeError(
                f"Expected a '{target.type}' device type for generator but found "
                f"'{generator.device.type}'"
            )
        on_device = target.type == self.device.type
        return self.put(func(*args, **kwargs), self.device if on_device else target)

    def _attribute(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Read an attribute of a tensor."""
        tensor, name = args[0], func.__self__.__name__
        place = self.place(tensor)
        if place == self.device:
            if name == "device":
                return place
            if name in {"is_cpu", "is_cuda", "is_mps"}:
                return name == f"is_{place.type}"
        return self.put(func(*args, **kwargs), place)

    def _differentiated(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Put each gradient where its tensor lives."""
        found = func(*args, **kwargs)
        inputs = args[1] if len(args) > 1 else kwargs["inputs"]
        several = inputs if isinstance(inputs, tuple | list) else [inputs]
        for tensor, gradient in zip(several, found, strict=False):
            self.put(gradient, self.place(tensor))
        return found

    def _assigned(self, func: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Set an attribute of a tensor; one that gets other data lives where they do."""
        func(*args, **kwargs)
        if func.__self__.__name__ == "data":
            self.put(args[0], self.place(args[1]))

    def _text(self, func: Any, args: Any, kwargs: dict[str, Any]) -> str:
        """Print a tensor, with its device where it has one; a number in a format has none."""
        text = str(func(*args, **kwargs))
        number = func.__name__ == "__format__" and not args[0].dim()
        on_device = self.place(args[0]) == self.device and not number
        return tensor_text.with_device(text, self.device) if on_device else text

    def _rows(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Iterator[Any]:
        """Walk over the rows of a tensor."""
        rows: list[Any] = self.put(list(func(*args, **kwargs)), self.place(args[0]))
        return iter(rows)

    def _to_numpy(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Hand a tensor to NumPy, which reads the memory of the CPU only."""
        if self.place(args[0]) == self.device and not kwargs.get("force"):
            raise TypeError(
                f"can't convert {self.device} device type tensor to numpy. "
                "Use Tensor.cpu() to copy the tensor to host memory first."
            )
        return func(*args, **kwargs)

    def _computed(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        """Do any other operation: its results live where its tensors do."""
        name = getattr(func, "__name__", "")
        place = self._common_place(name, args, kwargs)
        if name == "copy_":
            place = self.place(args[0])
        alone = not any(map(torch.is_tensor, tree_leaves(args)))
        if place is None and (name in _FILLS or alone):
            place = _CPU  # a new tensor without device=, or a module's parameter that gets its first values
        return self.put(func(*args, **kwargs), place)

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do what the device would do with this call."""
        del types
        kwargs = dict(kwargs or {})
        answers = {
            "__get__": self._attribute,
            "__set__": self._assigned,
            "__repr__": self._text,
            "__format__": self._text,
            "__iter__": self._rows,
            "__array__": self._to_numpy,
            "numpy": self._to_numpy,
            "to": self._moved,
            "cpu": self._moved,
        }
        answer = answers.get(getattr(func, "__name__", ""), self._computed)
        if func is torch.autograd.grad:
            answer = self._differentiated
        elif answer == self._computed and kwargs.get("device") is not None:
            answer = self._made
        return answer(func, args, kwargs)


@contextmanager
def accelerator(device: str, *, float64: bool = True) -> Iterator[None]:
    """Let this machine have ``device``, and :func:`autograd_vi.pick_device` find it."""
    mode, kind = Accelerator(device, float64=float64), torch.device(device).type
    from_numpy, assert_close = torch.from_numpy, torch.testing.assert_close

    def assert_close_anywhere(actual: Any, expected: Any, **tolerances: Any) -> None:
        # A tensor without a place would say that it lives on the CPU.
        tensors = [tensor for tensor in tree_leaves((actual, expected)) if torch.is_tensor(tensor)]
        if any(mode.place(tensor) is None for tensor in tensors):
            tolerances["check_device"] = False
        assert_close(actual, expected, **tolerances)

    with (
        # Of all functions that make a tensor, only this one lets no mode see its call.
        mock.patch.object(torch, "from_numpy", lambda array: mode.put(from_numpy(array), _CPU)),
        mock.patch.object(torch.testing, "assert_close", assert_close_anywhere),
        mock.patch.object(autograd_vi.device, "_available", return_value={kind: 1, "cpu": 1}),
        mock.patch.dict("os.environ", {autograd_vi.device.VARIABLE: device}),
        # This module stands between a page and torch; the lines of the page are those that count.
        mock.patch.object(
            autograd_vi.sources, "LIBRARIES", (*autograd_vi.sources.LIBRARIES, __file__)
        ),
        mode,
    ):
        yield
