"""ResNet18 starts from its pretrained weights or from a seed, and the caller learns which."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from package.broken_downloads import Server, redirect_downloads

from autograd_vi import Start, load_resnet18

models = pytest.importorskip("torchvision.models", reason="weights come with torchvision")
ResNet18_Weights, resnet18 = models.ResNet18_Weights, models.resnet18

FILE = ResNet18_Weights.DEFAULT.url.rpartition("/")[2]
PRETRAINED = str(ResNet18_Weights.DEFAULT)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache of torch on a machine whose every connection is refused."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
    urllib.request.install_opener(urllib.request.build_opener())  # one that sees this proxy
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    yield folder
    urllib.request.install_opener(None)  # the next use makes a new one


def seeded_parameters(seed: int) -> dict[str, torch.Tensor]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        parameters: dict[str, torch.Tensor] = resnet18(weights=None).state_dict()
        return parameters


def equal(model: torch.nn.Module, parameters: dict[str, torch.Tensor]) -> bool:
    own = model.state_dict()
    return own.keys() == parameters.keys() and all(
        torch.equal(own[name], tensor) for name, tensor in parameters.items()
    )


def test_a_cached_file_is_loaded_and_named(cache: Path) -> None:
    trained = seeded_parameters(7)
    torch.save(trained, cache / FILE)
    model, start = load_resnet18()
    assert equal(model, trained)
    assert start == Start(weights=PRETRAINED, seed=None)
    assert start.reason == ""


def test_without_file_and_network_the_start_is_the_seed_s_and_says_why(cache: Path) -> None:
    model, start = load_resnet18(seed=3)
    assert equal(model, seeded_parameters(3))
    assert not equal(model, seeded_parameters(4))
    assert start == Start(weights=None, seed=3)
    assert "URLError" in start.reason
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        {"fc.bias": torch.ones(1000), "conv1.weight": torch.ones(2)},
        ["no", "parameters"],
    ],
    ids=["empty", "broken", "of another model", "something else"],
)
def test_a_file_that_cannot_be_used_leaves_nothing_of_itself(
    cache: Path, content: bytes | object
) -> None:
    if isinstance(content, bytes):
        (cache / FILE).write_bytes(content)
    else:
        torch.save(content, cache / FILE)
    model, start = load_resnet18()
    assert equal(model, seeded_parameters(0))
    assert start == Start(weights=None, seed=0)
    assert start.reason


def test_a_download_that_broke_off_is_not_taken_for_weights(cache: Path) -> None:
    torch.save(seeded_parameters(7), cache / FILE)
    whole = (cache / FILE).read_bytes()
    (cache / FILE).write_bytes(whole[: len(whole) // 2])
    model, start = load_resnet18()
    assert equal(model, seeded_parameters(0))
    assert start == Start(weights=None, seed=0)
    assert start.reason


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.hang_up.set()
        server.shutdown()
        thread.join()


def test_a_download_that_breaks_off_leaves_nothing(cache: Path, server: Server) -> None:
    server.hang_up.set()
    redirect_downloads(server.server_port)
    for _ in range(2):
        model, start = load_resnet18()
        assert start == Start(weights=None, seed=0)
        assert "invalid hash" in start.reason
        assert list(cache.iterdir()) == []
    assert equal(model, seeded_parameters(0))


@pytest.mark.slow
def test_what_a_killed_download_leaves_is_never_taken_for_weights(
    cache: Path, server: Server
) -> None:
    code = (
        "import sys, autograd_vi\nfrom package import broken_downloads\n"
        "broken_downloads.redirect_downloads(int(sys.argv[1]))\n"
        "autograd_vi.load_resnet18()"
    )
    path = os.pathsep.join((str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")))
    with subprocess.Popen(
        [sys.executable, "-c", code, str(server.server_port)], env=os.environ | {"PYTHONPATH": path}
    ) as process:
        while not any(left.stat().st_size for left in cache.iterdir()):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    (left,) = cache.iterdir()
    assert left.name != FILE
    assert list(cache.glob("*.pth")) == []  # what torch.hub, and the build, look for
    _, start = load_resnet18()
    assert start == Start(weights=None, seed=0)
    assert "URLError" in start.reason


def test_a_file_that_would_run_code_is_refused(cache: Path, tmp_path: Path) -> None:
    class Intruder:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return Path.touch, (tmp_path / "ran",)

    torch.save(Intruder(), cache / FILE)
    _, start = load_resnet18()
    assert start.weights is None
    assert not (tmp_path / "ran").exists()


def test_a_download_with_the_wrong_hash_is_refused(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    served = tmp_path / "served.pth"
    torch.save(seeded_parameters(7), served)
    answer = urllib.request.urlopen(served.as_uri())  # noqa: S310  # the file above
    monkeypatch.setattr(torch.hub, "urlopen", lambda _: answer)
    _, start = load_resnet18()
    assert start.weights is None
    assert "invalid hash" in start.reason
    assert list(cache.iterdir()) == []


def test_nothing_is_printed_when_a_download_is_tried(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del cache
    load_resnet18()
    assert capsys.readouterr() == ("", "")


def test_both_starts_leave_the_caller_s_random_numbers_and_timeout_alone(cache: Path) -> None:
    drawn = []
    for cached in (False, True):
        if cached:
            torch.save(seeded_parameters(7), cache / FILE)
        torch.manual_seed(0)
        _, start = load_resnet18()
        assert (start.weights is not None) == cached
        drawn.append(torch.rand(3))
    torch.manual_seed(0)
    expected = torch.rand(3)
    assert all(torch.equal(numbers, expected) for numbers in drawn)
    assert socket.getdefaulttimeout() is None


def test_the_default_device_does_not_change_the_start(cache: Path) -> None:
    del cache
    with torch.device("meta"):
        model, _ = load_resnet18()
    assert equal(model, seeded_parameters(0))


def test_what_is_printed_is_the_same_wherever_the_reason_differs() -> None:
    here, there = Start(None, 0, reason="URLError: a"), Start(None, 0, reason="OSError: b")
    assert repr(here) == repr(there) == "Start(weights=None, seed=0)"
    assert here == there


def test_without_torchvision_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(ImportError, match="pip install torchvision"):
        load_resnet18()
