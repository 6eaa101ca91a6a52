-- For wrk: posts the bodies of a folder (STACKMEND_BENCH_BODIES), one after the other, and prints what it saw as JSON.
local folder = os.getenv("STACKMEND_BENCH_BODIES")
local count = tonumber(os.getenv("STACKMEND_BENCH_COUNT"))
local encoding = os.getenv("STACKMEND_BENCH_ENCODING")
local requests = {}
local at = 0

function init()
  wrk.method = "POST"
  if encoding ~= "" then wrk.headers["Content-Encoding"] = encoding end
  for index = 0, count - 1 do
    local file = assert(io.open(folder .. "/" .. index, "rb"))
    requests[index] = wrk.format(nil, nil, nil, file:read("*a"))
    file:close()
  end
end

function request()
  at = (at + 1) % count
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\n{"answers":%d,"failed":%d,"seconds":%f,"p99":%f}\n', summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(99) / 1000))
end
