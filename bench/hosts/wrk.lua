-- wrk runs this: with PAUSE, each connection rests that many milliseconds between its requests; in the end it prints
-- one line of microseconds and counts.
-- luacheck: globals delay done

local pause = tonumber(os.getenv "PAUSE")

-- wrk looks whether the function is there.
if pause then
  function delay() return pause end
end

function done(summary, latency)
  local failed = summary.errors
  print(
    ("measured %d %d %d %d %d"):format(
      latency:percentile(50),
      latency:percentile(99),
      latency.max,
      summary.requests,
      failed.connect + failed.read + failed.write + failed.status + failed.timeout
    )
  )
end
