import CMNL

/// Puts attributes of one space into a message; lengths are the writer's business, never the caller's.
///
/// It is lent to a closure and means nothing after it.
@safe public struct AttributeWriter<Space> {
    private let header: UnsafeMutablePointer<nlmsghdr>
    private let space: Int

    init(header: UnsafeMutablePointer<nlmsghdr>, space: Int) {
        unsafe self.header = header
        self.space = space
    }

    /// Appends one attribute; it must fit into what is left of the message.
    public func put<Value>(_ key: AttributeKey<Space, Value>, _ value: Value) {
        let fits = unsafe value.attribute.withUnsafeBytes {
            unsafe mnl_attr_put_check(header, space, key.rawValue, $0.count, $0.baseAddress)
        }
        precondition(fits, "attribute \(key.rawValue) does not fit")
    }

    /// Attributes put by the body become the value of one.
    public func nest<Inner>(_ key: NestKey<Space, Inner>, _ body: (AttributeWriter<Inner>) -> Void) {
        let start = unsafe mnl_attr_nest_start(header, key.rawValue)
        unsafe body(AttributeWriter<Inner>(header: header, space: space))
        unsafe mnl_attr_nest_end(header, start)
    }

    /// A structure in front of attributes: after the message's header, or at the start of a nest.
    func append<Extra: BitwiseCopyable>(_ extra: Extra) {
        unsafe withUnsafeBytes(of: extra) { octets in
            guard let source = octets.baseAddress, let target = unsafe mnl_nlmsg_put_extra_header(header, octets.count)
            else { return }
            unsafe target.copyMemory(from: source, byteCount: octets.count)
        }
    }
}
