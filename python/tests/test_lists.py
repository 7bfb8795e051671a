# SPDX-License-Identifier: Apache-2.0
"""What there is to choose from, and how errors look."""

import pickle

import pytest

import aios_bench


def test_lists_have_names_and_tables() -> None:
    kernels = aios_bench.kernels()
    assert {"debian", "aios"} <= set(kernels.names)
    assert kernels["aios"].variants and kernels["aios"].description
    assert kernels[0] is list(kernels)[0]
    assert "aios" in repr(kernels) and "<table>" in kernels._repr_html_()
    assert aios_bench.scenarios()["syscall"].core
    assert aios_bench.machines()["qemu-exact"].fidelity == "exact"
    assert aios_bench.metrics().frame().loc["syscall.null", "unit"] == "instructions"
    with pytest.raises(KeyError):
        kernels["nothing"]


def test_a_misspelt_kernel_says_what_is_near() -> None:
    with pytest.raises(aios_bench.ConfigError) as caught:
        aios_bench.run("debain")
    assert caught.value.kind == "config"
    assert "debian" in caught.value.message
    assert "aios-bench list kernels" in caught.value.hint
    assert caught.value.hint in str(caught.value)
    assert isinstance(caught.value, (aios_bench.Error, ValueError))


def test_a_flag_of_the_command_line_is_a_keyword_here() -> None:
    with pytest.raises(aios_bench.ConfigError, match="did you mean 'syscall'") as caught:
        aios_bench.run("aios", scenario="sycall")
    assert caught.value.where == "scenario="


def test_a_misspelt_setting_is_a_type_error(store: aios_bench.Store) -> None:
    with pytest.raises(TypeError, match="scenario"):
        store.run("aios", scenarios="syscall")


def test_a_black_box_that_is_not_there_is_not_found() -> None:
    with pytest.raises(aios_bench.ConfigError):
        aios_bench.run("./no/such/image")


@pytest.mark.parametrize("name", ["KernelFault", "InfraFault", "ConfigError", "Interrupted", "InternalError"])
def test_every_kind_is_an_error_and_survives_pickling(name: str) -> None:
    made = getattr(aios_bench, name)("what", where="there", hint="do this")
    again = pickle.loads(pickle.dumps(made))
    assert isinstance(made, aios_bench.Error)
    assert (type(again), str(again), again.kind) == (type(made), "what (there)\n  hint: do this", made.kind)


def test_ctrl_c_is_caught_as_python_people_catch_it() -> None:
    assert issubclass(aios_bench.Interrupted, KeyboardInterrupt)


def test_detect_finds_the_step_and_only_that() -> None:
    import numpy as np

    random = np.random.default_rng(7)
    values = random.normal(100, 1, 200)
    values[120:] += 5
    (point,) = aios_bench.detect(values)
    assert point.index == 120 and point.confidence > 0.99
    assert point.relative == pytest.approx(point.after / point.before - 1)
    assert aios_bench.detect(random.normal(100, 1, 200)) == []
    assert [point.index for point in aios_bench.detect([1, 1, 2, 2], exact=True)] == [2]
    assert aios_bench.detect([100, 100, 101, 101], exact=True, fence=0.02) == []
    with pytest.raises(aios_bench.Error):
        aios_bench.detect([1.0, float("nan"), 2.0] * 10)
