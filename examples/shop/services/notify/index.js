'use strict'
// Tells customers that their order has arrived: polls the orders API, hands one mail per order to the relay.
const debug = require('debug')('notify')
const fetch = require('node-fetch')
const parse = require('minimist')
const template = require('lodash/template')

const options = parse(process.argv.slice(2), { default: { every: 15 } })
const ordersUrl = process.env.ORDERS_URL || 'http://orders:8080'
const relayUrl = process.env.RELAY_URL || 'http://127.0.0.1:8025/send'
const text = template('Thank you! We have your order <%= id %> of <%= items.length %> item(s).')

async function tell(order) {
  const answer = await fetch(relayUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.RELAY_TOKEN}` },
    body: JSON.stringify({ to: order.mail, text: text(order) })
  })
  if (!answer.ok) throw new Error(`relay answered ${answer.status}`)
  await fetch(`${ordersUrl}/orders/${order.id}/sent`, { method: 'POST' })
}

async function poll() {
  try {
    const orders = await (await fetch(`${ordersUrl}/orders/unsent`)).json()
    for (const order of orders) await tell(order)
    debug('told %d', orders.length)
  } catch (error) {
    console.error(error.message)
  }
  setTimeout(poll, options.every * 1000)
}

poll()
