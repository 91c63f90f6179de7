/**
 * Shows how long the WebSocket has been open, in ES5. When it closes and the session is gone, the page loads
 * itself again, and whoever stands in front of the app takes over.
 */
export const liveScript = `(function () {
  var label = document.getElementById('live')
  if (!label || !window.WebSocket) return
  function say(text, on) {
    label.innerHTML = 'Live: ' + text
    label.className = on ? 'live on' : 'live'
  }
  function two(n) { return (n < 10 ? '0' : '') + n }
  function connect() {
    var socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/socket')
    socket.onmessage = function (event) {
      var tick = /^tick (\\d+)$/.exec(event.data)
      if (tick) say('connected ' + two(Math.floor(tick[1] / 60)) + ':' + two(tick[1] % 60), true)
    }
    socket.onclose = function () {
      say('not connected', false)
      ask()
    }
  }
  function ask() {
    var request = new XMLHttpRequest()
    request.open('GET', '/alive?' + new Date().getTime(), true)
    request.setRequestHeader('Accept', 'application/json')
    request.onload = function () {
      if (request.status === 401) location.reload()
      else setTimeout(connect, 1000)
    }
    request.onerror = function () { setTimeout(ask, 2000) }
    request.send()
  }
  connect()
})()
`
