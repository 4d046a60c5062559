-- wrk: confirms each of many plans once. A file has one line a plan: path, tab, body.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Upgrade-Console"] = "1"

local plans = {}
local next_plan = 0

function init()
  for line in io.lines(os.getenv("BENCH_PLANS")) do
    local path, body = line:match("^(%S+)\t(.*)$")
    plans[#plans + 1] = wrk.format("POST", path, nil, body)
  end
end

function request()
  next_plan = next_plan + 1
  -- Past the end it would only repeat; the run is made short enough that it never gets there.
  return plans[(next_plan - 1) % #plans + 1]
end

-- Each thread has globals of its own; there is one.
local thread_of

function setup(thread)
  thread_of = thread
  thread:set("created", 0)
  thread:set("other", 0)
end

-- The first answer that is no new run is told, since it says why.
function response(status, headers, body)
  if status == 201 then
    created = created + 1
  else
    if other == 0 then io.write(string.format("\nOTHER %d %s\n", status, body)) end
    other = other + 1
  end
end

done = function(summary, latency, requests)
  io.write(string.format(
    '\nRESULT {"per_second": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "requests": %d, "created": %d, "other": %d}\n',
    summary.requests / (summary.duration / 1000000), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.requests, thread_of:get("created"), thread_of:get("other")))
end
