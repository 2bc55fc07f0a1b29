--- Ends a subcommand: each function throws a failure, of which `hubspot.command` makes lines on stderr and the exit
-- code.

local errors = require "hubspot.error"
local exit_codes = require "hubspot.command.exit_codes"
local texts = require "hubspot.text"

local fail = {}

local metatable = { __name = "hubspot.command.Failure" }
function metatable.__tostring(failure) return failure.message end

local function new(code, message, about)
  return setmetatable({ code = code, message = message, about = about }, metatable)
end

local function throw(code, message, about) error(new(code, message, about), 0) end

--- The work can't be done: 1.
function fail.failed(message) throw(exit_codes.FAILED, message) end

--- The command line is wrong: 2.
-- @tparam string message
-- @tparam[opt] string about the check of `doctor` that tells of it
function fail.usage(message, about) throw(exit_codes.USAGE, message, about) end

--- The command line is wrong in several ways, of which each has a line: 2.
-- @tparam table problems at least one message
function fail.usages(problems)
  local failure = new(exit_codes.USAGE, problems[1])
  failure.others = { (table.unpack or unpack)(problems, 2) } -- luacheck: ignore
  error(failure, 0)
end

--- The token is missing, or is not the one for this: 4.
-- @tparam string message
-- @tparam[opt] string about the check of `doctor` that tells of it
function fail.auth(message, about) throw(exit_codes.AUTH, message, about) end

--- The same may work later: 5.
function fail.temporary(message) throw(exit_codes.TEMPORARY, message) end

--- A file or a database can't be used: 7.
-- @tparam string message
-- @tparam[opt] string about the check of `doctor` that tells of it
function fail.file(message, about) throw(exit_codes.FILE, message, about) end

--- The reader of the standard output has closed it: 141, without a message.
function fail.closed_pipe() throw(exit_codes.CLOSED_PIPE, nil) end

local TEMPORARY_KINDS = { network = true, timeout = true, rate_limit = true, decode = true, cancelled = true }

-- HubSpot's answers while a record is locked, and while an account moves to another of its data centers.
local TEMPORARY_STATUSES = { [423] = true, [477] = true }

--- The exit code of an error of the library.
-- @tparam table err
-- @treturn integer
function fail.code_of(err)
  if err.kind == "auth" then return exit_codes.AUTH end
  local status = err.status or 0
  if TEMPORARY_KINDS[err.kind] or TEMPORARY_STATUSES[status] or status >= 500 then return exit_codes.TEMPORARY end
  return exit_codes.FAILED
end

local AGAIN = ": run the same again then"

--- A hint of the library, in which its options are named as the command has them.
-- @tparam string text
-- @treturn string empty where the hint is one that the command can't follow
function fail.translate(text)
  local translated = text
    :gsub("Let its `fallback = true` keep to the quota within this process meanwhile", "Check --limiter")
    :gsub("the option ca_file", "SSL_CERT_FILE")
    :gsub(" %(without it libcurl takes the environment's https_proxy%)", "")
    :gsub("the option proxy", "https_proxy")
    :gsub('pass proxy = "http://user:password@host:port"', "set https_proxy to http://user:password@host:port")
    :gsub("%f[%w-]base_url", "--base-url")
    :gsub(", or pass a longer connect_timeout, in seconds", "")
    :gsub("For slow answers pass a longer timeout, in seconds", "")
    :gsub("The call's deadline leaves no time for another attempt: pass a longer deadline, in seconds", "")
    :gsub(
      ", which end after the call's deadline: make the call again then, or pass a longer deadline, in seconds",
      AGAIN
    )
    :gsub("make the call again later%. The option retry%.budget of hubspot%.new [^.]*", "run the same again later")
    :gsub("%. %. ", ". ")
    :gsub("^%. ", "")
  return texts.without_ending(texts.trim(translated), ".")
end

-- The same error in the command's words, without the place in the library's source.
local function in_own_words(err)
  local own, hint = errors.copy(err), fail.translate(err.hint or "")
  own.hint, own.place = hint ~= "" and hint or nil, nil
  return own
end

--- An error of the library as the command tells it where it continues by itself.
-- @tparam table err
-- @treturn string
function fail.text(err) return tostring(in_own_words(err)) end

--- The moment from which on work that met a temporary error may continue.
-- @tparam table err
-- @treturn ?string such as "later"; nil where time does not mend the error
function fail.time_to_continue(err)
  if fail.code_of(err) ~= exit_codes.TEMPORARY then return nil end
  return err.policy_name == "DAILY" and "when the day is over in the account's time zone" or "later"
end

--- An error of the library as the command tells it at its end: with what to do where there is something.
-- @tparam table err
-- @treturn string
function fail.describe(err)
  local own, moment = in_own_words(err), fail.time_to_continue(err)
  if not own.hint and moment then own.hint = "Run the same again " .. moment end
  return tostring(own)
end

--- An error of the library as the command tells it at its end where the same command must not be run again.
-- @tparam table err
-- @treturn string
function fail.describe_without_repeating(err)
  local own = in_own_words(err)
  own.hint = own.hint and own.hint:gsub(": run the same again %l+", "")
  return tostring(own)
end

--- The failure that an error of the library is, as its iterators throw one.
-- @tparam table err
-- @treturn failure
function fail.of_error(err) return new(fail.code_of(err), fail.describe(err)) end

--- HubSpot, or the way to it, failed: 4, 5 or 1.
-- @tparam table err an error of the library
function fail.hubspot(err) error(fail.of_error(err), 0) end

--- Returns whether a thrown value is one of these failures.
function fail.is_failure(thrown) return getmetatable(thrown) == metatable end

return fail
