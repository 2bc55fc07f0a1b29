-- Faults at each request of a mirror's sweep. COMMAND_FAULTS=all strikes with more kinds.

local command_mirror = require "spec.faults.command_mirror"

describe(
  "a sweep of a mirror",
  function() command_mirror.add_examples { { name = "sweep", words = { "--sweep", "now" } } } end
)
