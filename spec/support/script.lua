-- Scripts in a process of their own, as the specs of the examples run them.

local assert = require "luassert"
local sandbox = require "spec.support.sandbox"

local script = {}

--- A token that a sandbox takes, in the form of an account's.
script.TOKEN = "pat-na1-5fd5b1c4-0000-4a3c-9f1e-2d1c1f7f0a11"

-- The examples' modules.
package.path = "examples/?.lua;" .. package.path

local csv = require "csv"

function script.read_file(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

--- Calls `use` with the path of a file that holds the text, and gives what it returns.
function script.with_file(text, use)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local succeeded, result = pcall(use, path)
  os.remove(path)
  if not succeeded then error(result, 0) end
  return result
end

--- A word of a shell.
function script.quote(text) return "'" .. tostring(text):gsub("'", "'\\''") .. "'" end

local VARIABLES = {
  "HUBSPOT_TOKEN",
  "HUBSPOT_BASE_URL",
  "HUBSPOT_EVENT_TYPE",
  "HUBSPOT_APPLICATION_ID",
  "HUBSPOT_DEVELOPER_KEY",
  "HUBSPOT_CLIENT_SECRET",
}

--- `lua …` in an environment where of the examples' variables only those given are set.
function script.command(arguments, variables)
  local words = { "env" }
  for _, name in ipairs(VARIABLES) do
    words[#words + 1] = "-u " .. name
  end
  words[#words + 1] = "LUA_PATH=" .. script.quote(package.path)
  words[#words + 1] = "LUA_CPATH=" .. script.quote(package.cpath)
  for name, value in pairs(variables or {}) do
    words[#words + 1] = name .. "=" .. script.quote(value)
  end
  words[#words + 1] = script.quote(sandbox.interpreter())
  for _, argument in ipairs(arguments) do
    words[#words + 1] = script.quote(argument)
  end
  return table.concat(words, " ")
end

--- Runs a command of a shell. Gives the exit code, what it printed, and what it wrote to stderr.
function script.run_shell(line)
  return script.with_file("", function(out)
    return script.with_file("", function(err)
      return script.with_file("", function(code)
        os.execute(
          ("%s >%s 2>%s </dev/null; echo $? >%s"):format(line, script.quote(out), script.quote(err), script.quote(code))
        )
        return { code = tonumber(script.read_file(code)), out = script.read_file(out), err = script.read_file(err) }
      end)
    end)
  end)
end

--- Runs a script, as `run_shell` does a command.
function script.run(arguments, variables) return script.run_shell(script.command(arguments, variables)) end

-- With a token and no HUBSPOT_BASE_URL, an example goes to HubSpot's own address: this sends it to the sandbox.
local AS_ACCOUNT = [[
  local hubspot = require "hubspot"
  local new = hubspot.new
  hubspot.new = function(options)
    assert(options.base_url == nil and options.token == os.getenv "HUBSPOT_TOKEN")
    options.base_url = os.getenv "SANDBOX_AS_ACCOUNT"
    return new(options)
  end
]]

function script.run_on_account(url, arguments, more_variables)
  local all = { "-e", AS_ACCOUNT }
  for _, argument in ipairs(arguments) do
    all[#all + 1] = argument
  end
  local variables = { HUBSPOT_TOKEN = script.TOKEN, SANDBOX_AS_ACCOUNT = url }
  for name, value in pairs(more_variables or {}) do
    variables[name] = value
  end
  return script.run(all, variables)
end

local READS = { ["/batch/read"] = true, ["/search"] = true }

function script.writes_among(requests)
  local writes = {}
  for _, request in ipairs(requests) do
    local reads = request.method == "GET" or READS[request.path:match "/batch/read$" or request.path:match "/search$"]
    if not reads then writes[#writes + 1] = request.method .. " " .. request.path end
  end
  return writes
end

function script.has_lines(text, lines)
  for _, line in ipairs(lines) do
    assert.is_truthy(("\n" .. text):find("\n" .. line .. "\n", 1, true), ("no line %q in:\n%s"):format(line, text))
  end
end

--- Asserts that a script ended with code 1, with nothing but a message.
-- @tparam string message
-- @tparam table result of `script.run`
function script.fails_with(message, result) assert.are.same({ 1, "", message }, { result.code, result.out, result.err }) end

--- Asserts that a script ended with code 0 and wrote nothing to the standard error.
function script.succeeds(result)
  assert.are.equal("", result.err)
  assert.are.equal(0, result.code)
end

--- All records of a text that comes in pieces of `size` bytes, as `{ line, cells… }` or `{ line, problem = }`.
function script.csv_records(text, size)
  local position, records = 1, {}
  for line, cells, problem in
    csv.records(function()
      if position > #text then return nil end
      position = position + size
      return text:sub(position - size, position - 1)
    end)
  do
    local record = { line, problem = problem }
    for _, cell in ipairs(cells or {}) do
      record[#record + 1] = cell
    end
    records[#records + 1] = record
  end
  return records
end

return script
