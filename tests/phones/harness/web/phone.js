// A phone in a page, as SIP.js makes it: what a client of a WebRTC line has to write, and what a test wants to know of it.

import { Inviter, Registerer, SessionState, UserAgent } from "./sip.js/lib/index.js";

const LOUDNESS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const MICROPHONE = { constraints: { audio: LOUDNESS, video: false } };

const seen = [];
let agent, registerer, session, context, analyser;

function tell(event, text = "") {
  seen.push({ event, text });
}

function connection() {
  return session?.sessionDescriptionHandler?.peerConnection;
}

function follow(next) {
  session = next;
  session.stateChange.addListener((state) => {
    tell(state.toLowerCase());
    if (state === SessionState.Established) listen();
  });
}

// What the other one says goes to the loudspeaker, and to an analyser.
function listen() {
  const stream = new MediaStream(connection().getReceivers().map((receiver) => receiver.track));
  document.getElementById("ear").srcObject = stream;
  context ??= new AudioContext();
  analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(analyser);
}

window.phone = {
  seen,

  async register(server, domain, user, password) {
    agent = new UserAgent({
      uri: UserAgent.makeURI(`sip:${user}@${domain}`),
      authorizationUsername: user,
      authorizationPassword: password,
      transportOptions: { server },
      // No server outside is asked how this browser can be reached.
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
      delegate: {
        onInvite(invitation) {
          follow(invitation);
          tell("incoming", invitation.remoteIdentity.uri.user);
        },
      },
      logLevel: "warn",
    });
    await agent.start();
    registerer = new Registerer(agent);
    registerer.stateChange.addListener((state) => tell(state.toLowerCase()));
    await registerer.register({ requestDelegate: { onReject: ({ message }) => tell("refused", String(message.statusCode)) } });
  },

  async call(number) {
    const inviter = new Inviter(agent, UserAgent.makeURI(`sip:${number}@${registerer.registrar?.host ?? agent.configuration.uri.host}`), {
      sessionDescriptionHandlerOptions: MICROPHONE,
    });
    follow(inviter);
    await inviter.invite({ requestDelegate: { onReject: ({ message }) => tell("rejected", String(message.statusCode)) } });
  },

  async answer() {
    await session.accept({ sessionDescriptionHandlerOptions: MICROPHONE });
  },

  async hangup() {
    await session.bye();
  },

  // The strongest frequency of what comes in, in hertz, and how loud it is (0 to 255).
  hear() {
    const levels = new Uint8Array(analyser.frequencyBinCount);
    analyser.getByteFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    return { hz: (loudest * context.sampleRate) / analyser.fftSize, level: levels[loudest] };
  },

  async stats() {
    return [...(await connection().getStats()).values()];
  },
};
