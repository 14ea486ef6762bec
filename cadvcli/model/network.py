"""Section ``network`` of a sample, as cAdvisor's v1 API writes it: interfaces, sockets and TCP counters."""

from msgspec import Struct

from cadvcli.model import Count


class InterfaceStats(Struct, kw_only=True):
    """One network interface since it exists: bytes and packets."""

    name: str
    rx_bytes: int
    rx_packets: int
    rx_errors: int
    rx_dropped: int
    tx_bytes: int
    tx_packets: int
    tx_errors: int
    tx_dropped: int


class TcpStat(Struct, kw_only=True):
    """Sockets by TCP state."""

    Established: Count = None
    SynSent: Count = None
    SynRecv: Count = None
    FinWait1: Count = None
    FinWait2: Count = None
    TimeWait: Count = None
    Close: Count = None
    CloseWait: Count = None
    LastAck: Count = None
    Listen: Count = None
    Closing: Count = None


class UdpStat(Struct, kw_only=True):
    """UDP sockets, datagrams dropped, and bytes queued."""

    Listen: Count = None
    Dropped: Count = None
    RxQueued: Count = None
    TxQueued: Count = None


class TcpAdvancedStat(Struct, kw_only=True):
    """The counters of /proc/net/snmp (Tcp) and /proc/net/netstat (TcpExt), named as the kernel does."""

    RtoAlgorithm: Count = None
    RtoMin: Count = None
    RtoMax: Count = None
    MaxConn: Count = None
    ActiveOpens: Count = None
    PassiveOpens: Count = None
    AttemptFails: Count = None
    EstabResets: Count = None
    CurrEstab: Count = None
    InSegs: Count = None
    OutSegs: Count = None
    RetransSegs: Count = None
    InErrs: Count = None
    OutRsts: Count = None
    InCsumErrors: Count = None
    EmbryonicRsts: Count = None
    SyncookiesSent: Count = None
    SyncookiesRecv: Count = None
    SyncookiesFailed: Count = None
    PruneCalled: Count = None
    RcvPruned: Count = None
    OfoPruned: Count = None
    OutOfWindowIcmps: Count = None
    LockDroppedIcmps: Count = None
    TW: Count = None
    TWRecycled: Count = None
    TWKilled: Count = None
    TCPTimeWaitOverflow: Count = None
    TCPTimeouts: Count = None
    TCPSpuriousRTOs: Count = None
    TCPLossProbes: Count = None
    TCPLossProbeRecovery: Count = None
    TCPRenoRecoveryFail: Count = None
    TCPSackRecoveryFail: Count = None
    TCPRenoFailures: Count = None
    TCPSackFailures: Count = None
    TCPLossFailures: Count = None
    DelayedACKs: Count = None
    DelayedACKLocked: Count = None
    DelayedACKLost: Count = None
    ListenOverflows: Count = None
    ListenDrops: Count = None
    TCPHPHits: Count = None
    TCPPureAcks: Count = None
    TCPHPAcks: Count = None
    TCPRenoRecovery: Count = None
    TCPSackRecovery: Count = None
    TCPSACKReneging: Count = None
    TCPFACKReorder: Count = None
    TCPSACKReorder: Count = None
    TCPRenoReorder: Count = None
    TCPTSReorder: Count = None
    TCPFullUndo: Count = None
    TCPPartialUndo: Count = None
    TCPDSACKUndo: Count = None
    TCPLossUndo: Count = None
    TCPFastRetrans: Count = None
    TCPSlowStartRetrans: Count = None
    TCPLostRetransmit: Count = None
    TCPRetransFail: Count = None
    TCPRcvCollapsed: Count = None
    TCPDSACKOldSent: Count = None
    TCPDSACKOfoSent: Count = None
    TCPDSACKRecv: Count = None
    TCPDSACKOfoRecv: Count = None
    TCPAbortOnData: Count = None
    TCPAbortOnClose: Count = None
    TCPAbortOnMemory: Count = None
    TCPAbortOnTimeout: Count = None
    TCPAbortOnLinger: Count = None
    TCPAbortFailed: Count = None
    TCPMemoryPressures: Count = None
    TCPMemoryPressuresChrono: Count = None
    TCPSACKDiscard: Count = None
    TCPDSACKIgnoredOld: Count = None
    TCPDSACKIgnoredNoUndo: Count = None
    TCPMD5NotFound: Count = None
    TCPMD5Unexpected: Count = None
    TCPMD5Failure: Count = None
    TCPSackShifted: Count = None
    TCPSackMerged: Count = None
    TCPSackShiftFallback: Count = None
    TCPBacklogDrop: Count = None
    PFMemallocDrop: Count = None
    TCPMinTTLDrop: Count = None
    TCPDeferAcceptDrop: Count = None
    IPReversePathFilter: Count = None
    TCPReqQFullDoCookies: Count = None
    TCPReqQFullDrop: Count = None
    TCPFastOpenActive: Count = None
    TCPFastOpenActiveFail: Count = None
    TCPFastOpenPassive: Count = None
    TCPFastOpenPassiveFail: Count = None
    TCPFastOpenListenOverflow: Count = None
    TCPFastOpenCookieReqd: Count = None
    TCPSynRetrans: Count = None
    TCPOrigDataSent: Count = None
    PAWSActive: Count = None
    PAWSEstab: Count = None

class NetworkStats(Struct, kw_only=True, omit_defaults=True):
    """Section ``network``; its first nine fields repeat the first interface, as v1 clients expect."""

    name: str
    rx_bytes: int
    rx_packets: int
    rx_errors: int
    rx_dropped: int
    tx_bytes: int
    tx_packets: int
    tx_errors: int
    tx_dropped: int
    interfaces: list[InterfaceStats] = []
    tcp: TcpStat
    tcp6: TcpStat
    udp: UdpStat
    udp6: UdpStat
    tcp_advanced: TcpAdvancedStat
