--- Exit codes of the command: scripts branch on them, so they are an interface.

local exit_codes = {
  DONE = 0,
  FAILED = 1,
  USAGE = 2,
  REFUSED_ROWS = 3,
  AUTH = 4,
  TEMPORARY = 5,
  DIFFERENCES = 6,
  FILE = 7,
  INTERRUPTED = 130,
  --- The code that a shell gives a program which SIGPIPE ended: whoever read the output wants no more of it.
  CLOSED_PIPE = 141,
}

--- The codes with their meanings, for help and the man page: `local_too` are those of subcommands that do not work with
-- HubSpot, `special` those of few subcommands, which name them in `exits`.
exit_codes.list = {
  { code = exit_codes.DONE, local_too = true, about = "done" },
  { code = exit_codes.FAILED, local_too = true, about = "failed" },
  { code = exit_codes.USAGE, local_too = true, about = "usage" },
  {
    code = exit_codes.REFUSED_ROWS,
    special = true,
    about = "rows refused",
    more = "the others are done; the refused ones are in a file",
  },
  { code = exit_codes.AUTH, about = "token or scope", more = "also a token of another account than --portal names" },
  { code = exit_codes.TEMPORARY, about = "temporary", more = "network, quota, daily limit: run the same again" },
  { code = exit_codes.DIFFERENCES, special = true, about = "differences found" },
  { code = exit_codes.FILE, local_too = true, about = "file or database" },
  { code = exit_codes.INTERRUPTED, local_too = true, about = "interrupted", more = "what was begun can be resumed" },
}

--- The codes that a subcommand may end with.
-- @tparam table declaration
-- @treturn table entries of the list
function exit_codes.of(declaration)
  local own, all = {}, {}
  for _, code in ipairs(declaration.exits or {}) do
    own[code] = true
  end
  for _, entry in ipairs(exit_codes.list) do
    local common = entry.local_too or not (entry.special or declaration.without_client)
    if common or own[entry.code] then all[#all + 1] = entry end
  end
  return all
end

return exit_codes
