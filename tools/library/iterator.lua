-- Iterators: what every paged method gives.

local function methods_of(record)
  return {
    {
      name = ":next",
      summary = "The next record: nil at the end, nil and an error where its page could not be read.",
      text = "After an error the iterator is where it was: call `next` again, and it asks for the same page.",
      returns = { { record .. "?", "nil at the end, and on an error" }, { "hubspot.Error?" } },
    },
    {
      name = ":pages",
      summary = "Iterates over whole pages, for a `for` loop. Throws the error of a page that could not be read.",
      returns = { { ("fun(): %s[]?"):format(record) } },
    },
    {
      name = ":cursor",
      summary = "Where to resume: the option `cursor` of the same call continues after the last record that was given.",
      text = "It is a small string without personal data. Another process can resume from it, in a call with the same "
        .. "arguments and options; `page_size`, `max`, `properties` and timeouts may differ. If somebody else could change "
        .. "it on the way, sign it: the client refuses what is no cursor, not what is another call's.",
      returns = { { "string?", "nil where nothing is left" } },
    },
  }
end

return {
  title = "Iterators",
  text = [[
Every paged method gives an iterator. Call it in a `for` loop, or use it as an object:

```lua
for contact in client.contacts:all { max = 3 } do
  print(contact.id)
end
```

A `for` loop throws the error of a page that could not be read; `next` returns it. While you work on a page, the next one
is read ahead.]],
  guide = "sync",
  called = "iterator",
  methods = methods_of "T",
  methods_of = methods_of,
}
