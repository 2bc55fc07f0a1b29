-- Loops.

local function new(summary, text, returns)
  return { name = ".new", summary = summary, text = text, returns = returns or { { "hubspot.Loop" } } }
end

return {
  title = "Loops",
  guide = "cqueues-and-luv",
  text = [[
A loop decides how a call waits. A client chooses its own: nginx's where it runs there, that of cqueues where cqueues is
loaded, else the plain one. The option `loop` takes a name (`"plain"`, `"ngx"`, `"cqueues"`, `"luv"`, `"frame"`), or a loop
that several clients share, and with it its connections.]],
  classes = {
    {
      class = "hubspot.Loop",
      called = "loop",
      methods = {
        { name = ":close", summary = "Closes the connections." },
      },
    },
    {
      class = "hubspot.FrameLoop",
      parent = "hubspot.Loop",
      called = "loop",
      methods = {
        {
          name = ":step",
          summary = "Continues what is ready, without waiting; call it once a frame. Throws what a coroutine that it "
            .. "resumed threw.",
        },
      },
    },
  },
  modules = {
    { name = "hubspot.loop.plain", functions = { new "Waits by blocking: that of a plain script." } },
    {
      name = "hubspot.loop.ngx",
      functions = { new "Waits as nginx (OpenResty) does, in all phases in which it can." },
    },
    {
      name = "hubspot.loop.cqueues",
      functions = { new "Waits in a running cqueues controller; outside of one a call blocks." },
    },
    {
      name = "hubspot.loop.luv",
      functions = {
        new("Waits on libuv's loop, as Neovim and luv have it. Calls are made in coroutines.", nil, {
          { "hubspot.Loop?", "nil and a message where luv is missing" },
          { "string?" },
        }),
      },
    },
    {
      name = "hubspot.loop.frame",
      functions = {
        new(
          "For a host that calls a function each frame. Calls are made in coroutines.",
          nil,
          { { "hubspot.FrameLoop" } }
        ),
      },
    },
  },
}
