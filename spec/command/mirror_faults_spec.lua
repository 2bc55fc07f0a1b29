-- Faults at each request of a mirror's first run, and of the next one. COMMAND_FAULTS=all strikes with more kinds.

local command_mirror = require "spec.faults.command_mirror"

describe(
  "a mirror",
  function()
    command_mirror.add_examples {
      { name = "first run", words = {}, is_first = true },
      { name = "next run", words = {} },
    }
  end
)
