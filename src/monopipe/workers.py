"""Batches to results: in this process or in a pool of processes, one of which may die without harm."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

from monopipe.discovery import reject
from monopipe.errors import DocumentError
from monopipe.parts import Batch, BatchResult, extract_batch

log = logging.getLogger("monopipe")

FEW_DOCUMENTS = 64
"""Up to here one process is done before a second one has started."""
POOLS = 2
"""Deaths in a full pool that may be chance; after them each batch gets a process of its own, to find the culprit."""


def extract_all(batches: Sequence[Batch], workers: int, tell: Callable[[BatchResult], None]) -> list[BatchResult]:
    """The results of all batches, in any order, from as many processes as are worth their start."""
    results = []
    few = sum(len(batch.files) for batch in batches) <= FEW_DOCUMENTS
    for result in map(extract_batch, batches) if workers == 1 or few else in_processes(batches, workers):
        results.append(result)
        tell(result)
        for bad in result.rejects:
            if bad.error_kind == "internal_error":
                log.error("%s: %s", bad.source_path, bad.error_message)
    return results


def in_processes(batches: Sequence[Batch], workers: int) -> Iterator[BatchResult]:
    """The results, batches whose worker died done again: first by another pool, then alone, halved to find out why."""
    waiting = {batch.name: batch for batch in batches}
    for _ in range(POOLS):
        for result in _pool(list(waiting.values()), workers):
            del waiting[result.name]
            yield result
        if not waiting:
            return
        log.warning("a worker process died; the %d batches that it leaves are done again", len(waiting))
    for batch in waiting.values():
        yield from _alone(batch)


def _pool(batches: Sequence[Batch], workers: int) -> Iterator[BatchResult]:
    """The results of a pool, until all are there or one of its processes dies."""
    if not batches:
        return
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
    with ProcessPoolExecutor(min(workers, len(batches)), context, prepare_worker) as pool:
        try:
            pending: set[Future[BatchResult]] = {pool.submit(extract_batch, batch) for batch in batches}
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    if not isinstance(future.exception(), BrokenProcessPool):
                        yield future.result()
        except BrokenProcessPool:  # while batches were submitted
            return
        finally:
            pool.shutdown(cancel_futures=True)


def _alone(batch: Batch) -> Iterator[BatchResult]:
    """The results of a batch that may kill its worker: of its halves if it does, down to the document that does it."""
    done = list(_pool([batch], 1))
    if not done and len(batch.files) == 1:
        done = list(_pool([batch], 1))  # no blame for a process killed from outside
    if done:
        yield done[0]
    elif len(batch.files) == 1:
        path = batch.files[0][1].path
        error = DocumentError("worker_died", "the process that read it died, out of memory or killed; please report it")
        log.error("%s: %s", path, error)
        yield BatchResult(batch.name, 0, {}, (reject(path, error),))
    else:
        cut = len(batch.files) // 2
        for mark, part in (("a", slice(None, cut)), ("b", slice(cut, None))):
            yield from _alone(
                replace(
                    batch,
                    name=f"{batch.name}{mark}",
                    files=batch.files[part],
                    drug_ids=batch.drug_ids[part],
                    hashes=batch.hashes[part],
                )
            )


def prepare_worker() -> None:
    """Tune a worker, and let it end with its parent, however that ends."""
    gc.set_threshold(100_000)  # documents make many small objects and no garbage in circles
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
