"""What the plugin costs a shopper: checkoutLinesAdd and checkoutComplete with and without it.

Needs an environment in which `import saleor` works and this project is installed; DATABASE_URL names
a throw-away shop with Saleor's sample data in which `cavaco_setup` was run. Two servers answer side
by side from one database, one with the plugin and one that never heard of it, in turn.

    python bench/shop_overhead.py [PAIRS]
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests/in_saleor/running"))
import processes
import shopper

WITHOUT = """
from saleor.settings import *
PLUGINS = [plugin for plugin in PLUGINS if not plugin.startswith("cavaco_plugin.")]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "cavaco_plugin"]
"""


def start(settings_folder: str, *, with_plugin: bool) -> processes.Saleor:
    path = os.pathsep.join([settings_folder, os.environ.get("PYTHONPATH", "")])
    server = processes.Saleor(environment={"PYTHONPATH": path})
    if not with_plugin:
        server.environment["DJANGO_SETTINGS_MODULE"] = "without_cavaco"
    server.start_server()
    return server


def lines_add(shop: shopper.Shop) -> float:
    checkout = shop.start_checkout(shopper.somebody())
    started = time.perf_counter()
    shop.add_line(checkout["id"])
    return time.perf_counter() - started


def complete(shop: shopper.Shop) -> float:
    checkout = shop.start_checkout(shopper.somebody())
    timed: list[float] = []
    finish = shop.complete

    def measured(checkout_id: str) -> dict[str, object]:
        started = time.perf_counter()
        order = finish(checkout_id)
        timed.append(time.perf_counter() - started)
        return order

    shop.complete = measured  # type: ignore[method-assign]
    try:
        shop.pay(checkout["id"])
    finally:
        del shop.complete
    return timed[0]


def measure(name: str, work: object, shops: dict[str, shopper.Shop], pairs: int) -> None:
    times: dict[str, list[float]] = {side: [] for side in shops}
    for turn in range(pairs + 3):
        for side in random.sample(sorted(shops), len(shops)):
            spent = work(shops[side])  # type: ignore[operator]
            if turn >= 3:
                times[side].append(spent)
    off, on = statistics.median(times["without"]), statistics.median(times["with"])
    paired = statistics.median(b / a for a, b in zip(times["without"], times["with"], strict=True))
    print(
        f"{name:18} {pairs} pairs: without {off * 1000:7.1f} ms, with {on * 1000:7.1f} ms, "
        f"ratio of medians {on / off:.3f}, median of paired ratios {paired:.3f}"
    )


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    folder = tempfile.mkdtemp(prefix="settings-")
    (Path(folder) / "without_cavaco.py").write_text(WITHOUT)
    servers = {
        "with": start(folder, with_plugin=True),
        "without": start(folder, with_plugin=False),
    }
    try:
        shops = {side: shopper.Shop(server.url) for side, server in servers.items()}
        measure("checkoutLinesAdd", lines_add, shops, pairs)
        measure("checkoutComplete", complete, shops, pairs)
    finally:
        for server in servers.values():
            server.stop_all()


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd} failed")
