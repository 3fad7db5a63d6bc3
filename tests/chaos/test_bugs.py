"""The promises can be found broken: they are where a bug is put into the workers."""

import os
import signal
from pathlib import Path

import pytest

from tests.chaos.conftest import running_product
from tests.chaos.promises import accepted_once
from tests.chaos.servers import await_true

#: Seconds; a busy machine is slow, and nothing here is about that.
pytestmark = pytest.mark.timeout(900)

STRUCK = "worker after commit jobs.walk.Walk._begin"


def test_without_a_fence_a_worker_that_wakes_ends_what_has_ended(tmp_path: Path) -> None:
    with running_product(tmp_path, "sqlite", "no fence") as product:
        story = product.tell().story
        product.points.plan(STRUCK, signal.SIGSTOP)
        older = story.update("web")
        story.settle()
        story.update("web")
        story.settle()
        accepted_once(story, product.outside)

        os.kill(product.points.struck()[-1].pid, signal.SIGCONT)
        await_true("it ends again", lambda: story.end(older) != story.ends[older])

        with pytest.raises(AssertionError, match="ends"):
            accepted_once(story, product.outside)


def test_without_a_sweeper_what_was_not_sent_is_never_done(tmp_path: Path) -> None:
    with running_product(tmp_path, "sqlite", "no sweeper") as product:
        story = product.tell().story
        product.servers.redis.kill()
        story.update("web")
        product.servers.redis.start()

        with pytest.raises(AssertionError, match="not so after"):
            await_true("it ended", lambda: not story.unfinished(), 8)
        with pytest.raises(AssertionError, match=r"unfinished|ends"):
            accepted_once(story, product.outside)
