import type { FastifyReply } from 'fastify'
import { leadTo, sendMessage } from '../../http/reply.ts'
import type { LoginRefusal, Stay } from '../../logins/login.ts'
import type { FoundLogin } from '../../logins/logins.ts'
import type { MessageKind } from '../../pages/message-view.ts'
import { judge } from '../../sessions/allow.ts'
import type { Session } from '../../sessions/session.ts'
import type { PhoneExchange } from '../exchange.ts'
import { formToken } from '../phone.ts'
import { nextStep } from './next-step.ts'

/** "Yes": to which login, by whom, and for how long. */
export type Approval = FoundLogin & { session: Session; stay: Stay }

/** The approval itself, reached by a press of a person whose sign-in is fresh. */
export async function letIn(exchange: PhoneExchange, approval: Approval): Promise<FastifyReply> {
  const { parts, phone, reply } = exchange
  const { login, invitation, session, stay } = approval
  const person = session.approvedBy
  const app = parts.apps.get(login.app)
  const title = app?.title ?? login.app
  // SECURITY: only whom the app's rule names can let a screen into it. Test: U16: a person who may not open an app cannot let a screen into it
  if (app === undefined || !judge(app.allow, person).allowed) {
    parts.log.notice('authz_fail', { app: login.app, kind: 'screen' })
    return sendMessage(reply, 403, {
      kind: 'not-allowed',
      params: { app: title, person: person.name },
      actions: [
        {
          label: 'other-account',
          post: `/d/${invitation.id}/other-account`,
          token: formToken(exchange, invitation.id),
        },
      ],
    })
  }
  const event = { kind: 'approved', invitation: invitation.id, phone: phone.id, by: person, stay } as const
  const applied = await parts.logins.apply(login.id, { ...event, under: phone.found?.key })
  // The provider's page is still to be asked: the page says so, and how to approve here instead.
  if ('refused' in applied && applied.refused === 'elsewhere') return leadTo(reply, `/d/${invitation.id}`)
  if ('refused' in applied) return sendRefusal(reply, applied.refused)
  if (applied.login.state.step === 'denied') {
    parts.log.notice('device_denied', { app: login.app, device: login.device.kind, reason: 'another person' })
    return sendMessage(reply, 403, { kind: 'denied', params: { device: login.device } })
  }
  await parts.acquaintances.remember(person, login)
  parts.log.notice('device_approved', { app: login.app, device: login.device.kind, stay: stay.kind })
  const step = await nextStep(parts, login.app, person)
  return sendMessage(reply, 200, {
    kind: step?.kind ?? 'approved',
    params: { app: title, device: login.device },
    actions: [...(step === undefined ? [] : [step]), { label: 'my-screens', href: '/me' }],
  })
}

/** Says why a press came to nothing. */
export function sendRefusal(reply: FastifyReply, refused: LoginRefusal | 'unknown'): FastifyReply {
  const kind: MessageKind = refused === 'claimed' ? 'someone-else' : 'link-ended'
  return sendMessage(reply, refused === 'claimed' ? 409 : 410, { kind })
}
