import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.engine.resources import Ask, Gpu, Have, cpus, fits, left, misfit, take

BOX = Have(cpu_milli=4000, memory_mib=8000)
V100, A100 = Gpu("Tesla V100", 16_000), Gpu("A100-SXM4", 40_000)
GPU_BOX = Have(8000, 64_000, gpus=(A100, V100, V100))


@pytest.mark.parametrize(
    ("ask", "have", "why"),
    [
        (Ask(), BOX, None),
        (Ask(4000, 8000), BOX, None),
        (Ask(4001), BOX, "4.001 CPU"),
        (Ask(memory_mib=8001), BOX, "8001 MiB of memory"),
        (Ask(), Have(8000, 8000, slots=0), "a free slot"),
        (Ask(), Have(8000, 8000, slots=1), None),
        (Ask(gpu_count=1), BOX, "1 GPU"),
        (Ask(gpu_count=3), GPU_BOX, None),
        (Ask(gpu_count=4), GPU_BOX, "4 GPU"),
        (Ask(gpu_count=2, gpu_name="v100"), GPU_BOX, None),
        (Ask(gpu_count=2, gpu_name="a100"), GPU_BOX, "2 GPU a100"),
        (Ask(gpu_count=1, gpu_memory_mib=20_000), GPU_BOX, None),
        (Ask(gpu_count=2, gpu_memory_mib=20_000), GPU_BOX, "2 GPU"),
        (Ask(labels=frozenset({"b", "a"})), BOX, "the label a, b"),
        (Ask(labels=frozenset({"a"})), Have(4000, 0, labels=frozenset({"a", "c"})), None),
        (Ask(container=True), Have(4000, 0, containers=False), "a container engine"),
        (Ask(container=True), BOX, None),
        (Ask(interruptible=False), Have(4000, 0, interruptible=True), "not interruptible"),
        (Ask(interruptible=False), BOX, None),
        (Ask(interruptible=True), BOX, None),
        (Ask(interruptible=None), Have(4000, 0, interruptible=True), None),
    ],
)
def test_a_job_fits_or_it_is_said_what_is_missing(ask, have, why):
    answer = misfit(ask, have)
    assert (answer is None) == (why is None) == fits(ask, have)
    assert why is None or why in answer


def test_a_job_takes_what_it_asks():
    rest = take(Have(4000, 8000, slots=3), Ask(1500, 2000))
    assert rest == Have(2500, 6000, slots=2)


def test_the_smallest_gpu_that_does_is_taken():
    assert take(GPU_BOX, Ask(gpu_count=1)).gpus == (A100, V100)
    assert take(GPU_BOX, Ask(gpu_count=1, gpu_memory_mib=20_000)).gpus == (V100, V100)


def test_what_is_left_beside_several_jobs():
    assert left(BOX, [Ask(1000), Ask(500, 100)]) == Have(2500, 7900)
    assert left(BOX, []) == BOX


@pytest.mark.parametrize(("milli", "text"), [(1000, "1"), (1500, "1.5"), (1, "0.001")])
def test_processors_in_words(milli, text):
    assert cpus(milli) == text


ASKS = st.builds(
    Ask,
    cpu_milli=st.integers(1, 3000),
    memory_mib=st.integers(0, 5000),
    gpu_count=st.integers(0, 2),
    gpu_name=st.sampled_from([None, "v100", "a100"]),
    gpu_memory_mib=st.sampled_from([0, 16_000, 40_000]),
)


@given(st.lists(ASKS, max_size=20))
def test_what_is_placed_only_while_it_fits_never_takes_more_than_there_is(asks):
    rest, placed = Have(8000, 10_000, gpus=(A100, V100, V100), slots=5), []
    for ask in asks:
        if fits(ask, rest):
            rest = take(rest, ask)
            placed.append(ask)
    assert rest.cpu_milli >= 0 and rest.memory_mib >= 0 and rest.slots >= 0
    assert rest.cpu_milli + sum(ask.cpu_milli for ask in placed) == 8000
    assert len(rest.gpus) + sum(ask.gpu_count for ask in placed) == 3
