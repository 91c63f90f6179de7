// Runs inside PhantomJS (ES5): one window, driven by JSON over its own loopback web server.
var page = require('webpage').create()
var server = require('webserver').create()
var options = JSON.parse(require('system').args[1])

page.settings.userAgent = options.userAgent
page.viewportSize = { width: options.width, height: options.height }
page.clipRect = { top: 0, left: 0, width: options.width, height: options.height }
page.onError = function (message) {
  console.log('page error: ' + message)
}

var commands = {
  open: function (url) {
    page.open(url)
  },
  url: function () {
    return page.url
  },
  evaluate: function (expression) {
    return page.evaluateJavaScript('function () { return (' + expression + ') }')
  },
  screenshot: function () {
    return page.renderBase64('PNG')
  },
}

function answer(request, response) {
  var command = JSON.parse(request.post)
  var result = commands[command.name](command.argument)
  response.statusCode = 200
  response.setHeader('Content-Type', 'application/json')
  response.write(JSON.stringify({ result: result === undefined ? null : result }))
  response.close()
}

if (!server.listen('127.0.0.1:' + options.port, answer)) phantom.exit(1)
console.log('ready')
