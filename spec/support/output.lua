-- busted's plain output, closed by a line that other programs can read.

local busted = require "busted"
local plain_terminal = require "busted.outputHandlers.plainTerminal"

return function(options)
  local handler = plain_terminal(options)
  busted.subscribe({ "exit" }, function()
    io.write(
      ("%d passed, %d failed, %d skipped\n"):format(
        handler.successesCount,
        handler.failuresCount + handler.errorsCount,
        handler.pendingsCount
      )
    )
    return nil, true
  end)
  return handler
end
