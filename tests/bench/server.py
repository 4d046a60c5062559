"""The server against nginx as a plain reverse proxy, in one run, in front of the same upstream.

What is compared is a read that goes through (the page asks for choices, the server makes, signs and sends a call to the
cloud, and reads the answer) and a changing call (a plan is confirmed: the cloud is asked about the instance again, the
intent is written to disk before the answer, the call is signed and sent once on a connection of its own). nginx passes
the same number of bytes on and does nothing with them. Beside it, for its own sake: a preview (validated and signed,
nothing sent). The disk's own share is told by what one fdatasync costs in the same folder.

    tools/with-tools.sh tests-python tests/bench/server.py [--seconds 3] [--rounds 3]
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from limit import at_most, load, progress

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from support import processes  # noqa: E402
from support.console import Console  # noqa: E402
from support.processes import fetch  # noqa: E402

# What the upstream answers to everything: a list of instances as Compute Nest gives it, and in it what it tells of one
# instance that can be upgraded, so that a plan of it can be made and confirmed.
INSTANCE = {
    "Status": "Deployed",
    "Progress": 100,
    "Service": {"ServiceId": "service-1", "Version": "1", "VersionName": "1", "UpgradableServiceInfos": [{"Version": "2"}]},
}
ANSWER = {
    "RequestId": "4DB0F536-B3BE-4F0D-BD29-E83FB56D550C",
    "TotalCount": 2,
    "MaxResults": 20,
    "ServiceInstances": [
        {"ServiceInstanceId": f"si-5cbae874da0e4700000{number}", "Name": f"shop-{number}", **INSTANCE}
        for number in (1, 2)
    ],
    "UpgradeHistory": [],
    **INSTANCE,
}
NEST = "computenestsupplier.UpgradeServiceInstance"
# How the load generator is run, and what it may take beyond its time.
WRK = {"capture_output": True, "text": True, "check": True}
WRK_SECONDS = 60
# Plans for one second of confirming, well above what was ever reached.
CONFIRMATIONS = {1: 1_000, 32: 3_000}
PARAMETERS = {"RegionId": "cn-hangzhou", "ServiceInstanceId": "si-5cbae874da0e47000001", "ServiceVersion": "2"}


def nginx(folder):
    """An upstream that answers at once, and a reverse proxy in front of it; addresses of both."""
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    (folder / "logs").mkdir()
    sockets = [processes.free_port() for _ in range(2)]
    body = json.dumps(ANSWER).replace("'", "")
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(f"""
        {user} worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
        events {{ worker_connections 4096; }}
        http {{
          access_log off; keepalive_requests 1000000; default_type application/json;
          client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
          fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
          upstream cloud {{ server 127.0.0.1:{sockets[0]}; keepalive 64; keepalive_requests 1000000; }}
          server {{ listen 127.0.0.1:{sockets[0]} backlog=4096; location / {{ return 200 '{body}'; }} }}
          server {{ listen 127.0.0.1:{sockets[1]} backlog=4096;
            location / {{ proxy_pass http://cloud; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
        }}""")
    process = subprocess.Popen([binary, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    urls = [f"http://127.0.0.1:{port}" for port in sockets]
    for url in urls:
        processes.wait_for_port(url)
    return process, urls


def wrk(url, body, connections, seconds):
    """Requests a second and latencies of one target."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", ROOT / "tests/bench/load.lua", url]
    environment = {**os.environ, "BENCH_BODY": body}
    output = subprocess.run(command, env=environment, **WRK, timeout=seconds + WRK_SECONDS).stdout
    found = json.loads(re.search(r"^RESULT (.*)$", output, re.M)[1])
    assert found["bad"] == 0, f"{url}: {found['bad']} of {found['requests']} failed"
    return found


def confirmations(console, count, file):
    """Makes so many plans, each for an instance of its own, and writes how each is confirmed."""
    with file.open("w") as lines:
        for number in range(count):
            # The runs of the round before are still open, so that their instances are taken.
            parameters = {**PARAMETERS, "ServiceInstanceId": f"si-{file.name}-{number:x}"}
            plan = console.plan(NEST, "bench", parameters)
            confirmation = {
                "instance_id": plan["review"]["instance"],
                "accept_unknown_cost": True,
                "reason": "a measurement",
            }
            body = {"payload_hash": plan["payload_hash"], "confirmation": confirmation}
            lines.write(f"/api/plans/{plan['id']}/runs\t{json.dumps(body)}\n")


def confirm_all(console, file, connections, seconds):
    """Confirms plans as fast as it goes; every answer must be a new run, and each run gets the cloud's answer."""
    command = [
        "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", ROOT / "tests/bench/changing.lua", console.url,
    ]  # fmt: skip
    environment = {**os.environ, "BENCH_PLANS": str(file)}
    started = time.monotonic()
    output = subprocess.run(command, env=environment, **WRK, timeout=seconds + WRK_SECONDS).stdout
    found = json.loads(re.search(r"^RESULT (.*)$", output, re.M)[1])
    assert found["other"] == 0, f"{found['other']} of {found['requests']} confirmations made no new run:\n{output}"
    # A confirmation is answered once the intent is on disk; the call and its answer follow.
    with at_most(WRK_SECONDS, "the ends of the runs that were begun"):
        while any(console.get(f"/api/runs?state={state}&limit=1")["items"] for state in ("confirmed", "sent")):
            time.sleep(0.005)
    found["answered_per_second"] = found["created"] / (time.monotonic() - started)
    return found


def fdatasync(folder):
    """Milliseconds of writing a page to disk for good, as the store does for each commit."""
    times = []
    with (folder / "sync").open("wb") as file:
        for _ in range(50):
            started = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            times.append(1_000 * (time.perf_counter() - started))
    return statistics.median(times)


def memory(process):
    """Resident memory of a process in megabytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+)", status, re.M)[1]) / 1024


def main():
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed, so the server is not measured: apt-get install -y wrk")
        return
    processes.SERVER = processes.TARGET / "release" / "upgrade-proxy"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "nginx").mkdir()
        process, (upstream, reverse) = nginx(folder / "nginx")
        started = time.monotonic()
        console = Console(
            folder,
            f'[[profiles]]\nname = "bench"\ncloud = "alibaba"\nmode = "simulated"\nregion = "cn-hangzhou"\n'
            f'endpoint = "{upstream}"\n'
            'credentials = { source = "env", access_key = "BENCH_KEY", secret_key = "BENCH_SECRET" }\n',
            demo=False,
            environment={"BENCH_KEY": "an-invented-key", "BENCH_SECRET": "an-invented-secret"},
        )
        ready = time.monotonic() - started
        try:
            idle = memory(console.server.process)
            choices = {"profile": "bench", "field": "/ServiceInstanceId", "parameters": {}}
            preview = {"profile": "bench", "parameters": PARAMETERS}
            choices_url = f"{console.url}/api/operations/{NEST}/choices"
            preview_url = f"{console.url}/api/operations/{NEST}/preview"
            for url, body in ((choices_url, choices), (preview_url, preview)):
                status, _, answer = fetch(url, body, headers={"X-Upgrade-Console": "1"})
                assert status == 200, answer
            targets = [
                ("upstream, direct", upstream, choices),
                ("nginx, reverse proxy", reverse, choices),
                ("console, choices", choices_url, choices),
                ("console, preview", preview_url, preview),
            ]
            print(f"start to ready {1000 * ready:.0f} ms, idle {idle:.1f} MB; load {load()}")
            medians = {}
            for connections in (1, 32):
                rounds = {name: [] for name, _, _ in targets}
                for round_ in range(arguments.rounds):
                    progress(f"{connections} at once, round {round_ + 1} of {arguments.rounds}")
                    for name, url, body in targets:
                        rounds[name].append(wrk(url, json.dumps(body), connections, arguments.seconds))
                print(f"\n{connections} connection{'s' if connections > 1 else ''}")
                print(f"{'':24}{'a second':>12}{'range':>20}{'p50 ms':>10}{'p99 ms':>10}{'of nginx':>10}{'added ms':>10}")
                for name, found in rounds.items():
                    rates = [one["per_second"] for one in found]
                    p50 = statistics.median(one["p50_ms"] for one in found)
                    p99 = statistics.median(one["p99_ms"] for one in found)
                    rate = statistics.median(rates)
                    medians[name, connections] = rate, p50
                    line = f"{name:24}{rate:>12,.0f}{f'{min(rates):,.0f} to {max(rates):,.0f}':>20}{p50:>10.3f}{p99:>10.2f}"
                    # What a person waits longer than behind a plain reverse proxy.
                    if peer := medians.get(("nginx, reverse proxy", connections)):
                        line += f"{rate / peer[0]:>10.2f}{p50 - peer[1]:>10.3f}"
                    print(line)
            print(f"\nafter it {memory(console.server.process):.1f} MB")
            print("\na changing call: one plan confirmed (the cloud asked again, the intent on disk), the call sent, its answer on disk")
            print(f"one fdatasync here {fdatasync(folder):.2f} ms; load {load()}")
            print(
                f"{'':24}{'a second':>12}{'answered/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'of nginx':>10}{'added ms':>10}"
            )
            for connections in (1, 32):
                plans = folder / f"plans-{connections}"
                progress(f"making {CONFIRMATIONS[connections]:,} plans")
                confirmations(console, CONFIRMATIONS[connections], plans)
                found = confirm_all(console, plans, connections, 1)
                rate, p50 = medians["nginx, reverse proxy", connections]
                print(
                    f"{f'console, {connections} at once':24}{found['per_second']:>12,.0f}"
                    f"{found['answered_per_second']:>12,.0f}{found['p50_ms']:>10.3f}{found['p99_ms']:>10.2f}"
                    f"{found['per_second'] / rate:>10.3f}{found['p50_ms'] - p50:>10.3f}"
                )
        finally:
            console.stop()
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
