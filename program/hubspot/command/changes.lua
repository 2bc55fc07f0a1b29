--- The subcommand `changes`: writes what happened to records, as JSON Lines.

local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local option_values = require "hubspot.command.option_values"
local time = require "hubspot.time"

local function read_since(text)
  if text:find "^%d+$" and #text < 12 then return { seq = tonumber(text) } end
  local ms = time.from_iso(text)
  if ms then return { at = time.to_iso(ms) } end
  return nil, "must be a line's seq, or a time such as 2026-01-31 or 2026-01-31T12:00:00Z"
end

local function run(context)
  local options = context.options
  if options.db and options.state then fail.usage "--db and --state don't go together: a mirror has its own place" end
  if not options.db and not options.state then
    fail.usage "needs --db, a mirror's database, or --state, a file of its own"
  end
  if options.state and (options.since or options.diff) then
    fail.usage "--since and --diff need the log of a mirror: --db"
  end
  if options.every and not (options.follow and options.state) then fail.usage "--every needs --follow and --state" end
  require("hubspot.command.follow_changes")[options.db and "from_database" or "from_hubspot"](context)
  return exit_codes.DONE
end

return {
  name = "changes",
  summary = "Writes what happened to records since a moment, as JSON Lines: a feed that HubSpot has not.",
  arguments = {
    {
      name = "objects",
      takes = "OBJECT",
      many = true,
      optional = true,
      about = "types of records; left out, all of the mirror, or with --state contacts, companies, deals and tickets",
    },
  },
  options = {
    { name = "db", takes = "ADDRESS", read = option_values.database, about = "of a mirror: its log of changes" },
    { name = "schema", takes = "NAME", about = "PostgreSQL's schema" },
    {
      name = "state",
      takes = "FILE",
      file = "written",
      about = "without a mirror: FILE has the place, and is written",
    },
    { name = "since", takes = "SEQ|TIME", read = read_since, about = "after this line, or from this time on" },
    { name = "follow", about = "wait for more, until it is ended" },
    {
      name = "every",
      takes = "SPAN",
      read = option_values.span,
      about = "with --follow and --state: ask HubSpot again after this time (30s)",
    },
    { name = "diff", about = "with the values that changed: [before, after]" },
  },
  examples = {
    { "hubspot-lua changes contacts --db sqlite:crm.db --follow --diff", "each change that the mirror takes up" },
    { "hubspot-lua changes contacts deals --state place.json", "changes since the last time, without a database" },
  },
  run = run,
}
