// A phone in a page, as SIP.js makes it: what a client of a WebRTC line has to write, and what a test wants to know of it.

import { Inviter, Registerer, SessionState, UserAgent } from "./sip.js/lib/index.js";

// A tone is not taken for noise.
const UNTOUCHED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const MICROPHONE = { constraints: { audio: UNTOUCHED, video: false } };

const seen = [];
let agent, domain, session, context, analyser;

function tell(event, text = "") {
  seen.push({ event, text: String(text) });
}

function refused({ message }) {
  tell("refused", message.statusCode);
}

function connection() {
  return session.sessionDescriptionHandler.peerConnection;
}

function follow(next) {
  session = next;
  session.stateChange.addListener((state) => {
    if (state === SessionState.Established) listen();
    tell(state.toLowerCase());
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

  async register(server, host, user, password) {
    domain = host;
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
    const registerer = new Registerer(agent);
    registerer.stateChange.addListener((state) => tell(state.toLowerCase()));
    await registerer.register({ requestDelegate: { onReject: refused } });
  },

  async call(number) {
    const target = UserAgent.makeURI(`sip:${number}@${domain}`);
    follow(new Inviter(agent, target, { sessionDescriptionHandlerOptions: MICROPHONE }));
    await session.invite({ requestDelegate: { onReject: refused } });
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
