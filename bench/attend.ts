/** Loaded into every process of the benchmark: ends it with its parent, and tells its CPU time when asked. */
process.on('message', (message) => {
  if (message !== 'cpu') return
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMicros: user + system })
})
process.on('disconnect', () => process.exit())
// What it is loaded into ends when it likes.
process.channel?.unref()
