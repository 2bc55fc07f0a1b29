local fail = require "hubspot.command.fail"

local MAKERS = { bash = "get_bash_complete", zsh = "get_zsh_complete", fish = "get_fish_complete" }

local function run(context)
  local declarations = {}
  for _, declaration in ipairs(require("hubspot.command.subcommands").load_all()) do
    declarations[declaration.name] = declaration
  end
  local parser = require("hubspot.command.parser").make(declarations)
  local maker = MAKERS[context.arguments.shell] or fail.usage "SHELL must be bash, zsh or fish"
  context.output:write(parser[maker](parser))
end

return {
  name = "completion",
  summary = "Prints a script that lets a shell complete this command's words.",
  without_client = true,
  arguments = { { name = "shell", takes = "SHELL", choices = { "bash", "zsh", "fish" }, about = "bash, zsh or fish" } },
  examples = {
    { 'eval "$(hubspot-lua completion bash)"', "complete in this bash; put it into ~/.bashrc for all" },
    { "hubspot-lua completion fish | source", "complete in this fish; put it into ~/.config/fish/config.fish for all" },
  },
  run = run,
}
