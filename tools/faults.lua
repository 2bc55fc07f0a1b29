-- doc/faults.md, made of what the specs in spec/faults check.

local faults = require "spec.faults.faults"
local operations = require "spec.faults.operations"

local ROUTES = { "current", "v1" }

local function operations_by_class()
  local names = {}
  for _, operation in ipairs(operations) do
    local by_class = {}
    for _, route_name in ipairs(ROUTES) do
      local route = operation.routes[route_name]
      if route then
        by_class[route.class] = by_class[route.class] or {}
        table.insert(by_class[route.class], route_name)
      end
    end
    for class, routes in pairs(by_class) do
      names[class] = names[class] or {}
      -- Both routes need no words.
      local note = #routes == 1 and (" (%s)"):format(routes[1]) or ""
      table.insert(
        names[class],
        ("`%s`%s"):format(operation.name:match "^[^,]*", (operation.name:match ",.*" or "") .. note)
      )
    end
  end
  return names
end

local function outcome_cell(row, case, class)
  local outcome = faults.expected(row, case, class, "")
  if outcome == nil then return "" end
  return outcome or "–"
end

local function cell(row, class)
  local once, always = outcome_cell(row, "once", class), outcome_cell(row, "always", class)
  if once == always or always == "" then return once end
  if once == "" then return "… " .. always end
  return once .. " … " .. always
end

-- The exceptions of single operations, and what does not hold yet.
local function exceptions_of(row)
  local texts, keys = {}, {}
  for key in pairs(row.but or {}) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  for index, key in ipairs(keys) do
    local open = row.open and row.open[key]
    texts[index] = ("%s on %s: %s%s"):format(
      key:match "^(.*)/",
      key:match "[^/]*$",
      row.but[key] or "–",
      open and (" (not yet: %s)"):format(open) or ""
    )
  end
  return table.concat(texts, "; ")
end

return function()
  local lines = {}
  local function add(text, ...) lines[#lines + 1] = select("#", ...) > 0 and text:format(...) or text end

  add "# What comes out when something goes wrong"
  add ""
  add(
    "Made by `make generate` of the tables that the specs in `spec/faults` check, over real sockets and against what "
      .. "the sandbox's store holds afterwards."
  )
  add ""
  add "Whatever comes out:"
  add ""
  add(
    "* What a call reports as done is done. What must not be done twice is not sent again where it may have been "
      .. "done."
  )
  add "* What was done and has no answer is reported with `ambiguous`; an error without it means that nothing was done."
  add(
    "* An iterator gives no record twice. After an error it resumes where it stands, as does a new one from its "
      .. "cursor, and gives what is left."
  )
  add "* A call ends by its deadline, no error shows a token, and the client works on."
  add ""
  add "## Operations"
  add ""
  add "| | |"
  add "|---|---|"
  local names = operations_by_class()
  for _, class in ipairs(faults.CLASSES) do
    add("| %s | %s |", faults.CLASS_TEXTS[class], table.concat(names[class], ", "))
  end
  add ""
  add "## Outcomes"
  add ""
  add "| | |"
  add "|---|---|"
  for _, outcome in ipairs(faults.OUTCOMES) do
    add("| %s | %s |", outcome[1], outcome[2])
  end
  add "| – | the fault can't strike there |"
  add ""
  add "## Faults"
  add ""
  add(
    "Where two outcomes stand, the first is that of a fault that strikes once, the second that of one which strikes "
      .. "always; where there is only the second, it comes after an ellipsis."
  )
  add ""
  local header = { "fault" }
  for _, class in ipairs(faults.CLASSES) do
    header[#header + 1] = faults.CLASS_TEXTS[class]
  end
  header[#header + 1] = "but"
  add("| %s |", table.concat(header, " | "))
  add("|%s", ("---|"):rep(#header))
  for _, row in ipairs(faults) do
    local cells = { row.name }
    for _, class in ipairs(faults.CLASSES) do
      cells[#cells + 1] = cell(row, class)
    end
    cells[#cells + 1] = exceptions_of(row)
    add("| %s |", table.concat(cells, " | "))
  end
  return lines
end
