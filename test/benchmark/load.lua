-- For wrk: posts the templates of a folder (STACKMEND_BENCH_BODIES), each time with another event id, and prints what it saw
-- as JSON. `bodies.ts` says how a template is stamped.
local bit = require("bit")
local folder = os.getenv("STACKMEND_BENCH_BODIES")
local count = tonumber(os.getenv("STACKMEND_BENCH_COUNT"))
local first = tonumber(os.getenv("STACKMEND_BENCH_FIRST"))
local encoding = os.getenv("STACKMEND_BENCH_ENCODING")
local templates = {}
local at = 0
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function read(name)
  local file = assert(io.open(folder .. "/" .. name, "rb"))
  local content = file:read("*a")
  file:close()
  return content
end

function init()
  wrk.method = "POST"
  if encoding ~= "" then wrk.headers["Content-Encoding"] = encoding end
  first = first + number * 0x100000
  for index = 0, count - 1 do
    local body = read(index)
    local message = wrk.format(nil, nil, nil, body)
    local numbers = {}
    for each in read(index .. ".txt"):gmatch("%d+") do numbers[#numbers + 1] = tonumber(each) end
    local shift = #message - #body
    local one, two, sum = numbers[1] + shift, numbers[2] + shift, numbers[3]
    local template = { message:sub(1, one), message:sub(one + 9, two) }
    if sum then
      template[3] = message:sub(two + 9, sum + shift)
      template.tail = message:sub(sum + shift + 5)
      template.numbers = numbers
    else
      template[3] = message:sub(two + 9)
    end
    templates[index] = template
  end
end

local function checksum(numbers, digits)
  local sum = numbers[4]
  for place = 0, 7 do
    local byte = digits:byte(place + 1)
    local digit = byte < 58 and byte - 48 or byte - 87
    sum = bit.bxor(sum, numbers[5 + place * 16 + digit])
  end
  return string.char(bit.band(sum, 255), bit.band(bit.rshift(sum, 8), 255), bit.band(bit.rshift(sum, 16), 255),
    bit.rshift(sum, 24))
end

function request()
  at = at + 1
  local template = templates[at % count]
  local digits = string.format("%08x", first + at)
  if not template.numbers then return template[1] .. digits .. template[2] .. digits .. template[3] end
  return template[1] .. digits .. template[2] .. digits .. template[3] .. checksum(template.numbers, digits) .. template.tail
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\n{"answers":%d,"failed":%d,"seconds":%f,"p99":%f}\n', summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(99) / 1000))
end
