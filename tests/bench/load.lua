-- wrk: the same POST again and again. Path, body and headers come from the environment.
wrk.method = "POST"
wrk.body = os.getenv("BENCH_BODY")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Upgrade-Console"] = "1"

done = function(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '\nRESULT {"per_second": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "requests": %d, "bad": %d}\n',
    summary.requests / (summary.duration / 1000000), latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests, bad))
end
