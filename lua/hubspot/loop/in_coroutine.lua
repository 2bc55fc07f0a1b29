-- Returns whether a coroutine runs: the main thread can't wait on a host whose loop must keep running.

return function(how_it_resumes)
  local running, is_main = coroutine.running()
  if running and not is_main then return true end
  return nil,
    ("a call can't wait outside of a coroutine: make it in coroutine.wrap(function() … end)(), %s"):format(
      how_it_resumes
    )
end
