import CMNL

/// The attribute spaces of nf_tables.
enum FilterTable {}
enum FilterChain {}
enum FilterHook {}
enum FilterRule {}
enum ExpressionList {}
enum Expression {}
enum PayloadExpression {}
enum CompareExpression {}
enum ImmediateExpression {}
enum ExpressionData {}
enum VerdictData {}
enum MetaExpression {}

extension AttributeKey where Space == FilterTable, Value == String {
    static var name: Self { Self(Int(NFTA_TABLE_NAME.rawValue)) }
}
extension AttributeKey where Space == FilterChain, Value == String {
    static var table: Self { Self(Int(NFTA_CHAIN_TABLE.rawValue)) }
    static var name: Self { Self(Int(NFTA_CHAIN_NAME.rawValue)) }
    static var type: Self { Self(Int(NFTA_CHAIN_TYPE.rawValue)) }
}
extension AttributeKey where Space == FilterChain, Value == BigEndian {
    static var policy: Self { Self(Int(NFTA_CHAIN_POLICY.rawValue)) }
}
extension NestKey where Space == FilterChain, Inner == FilterHook {
    static var hook: Self { Self(Int(NFTA_CHAIN_HOOK.rawValue)) }
}
extension AttributeKey where Space == FilterHook, Value == BigEndian {
    static var number: Self { Self(Int(NFTA_HOOK_HOOKNUM.rawValue)) }
    static var priority: Self { Self(Int(NFTA_HOOK_PRIORITY.rawValue)) }
}
extension AttributeKey where Space == FilterHook, Value == String {
    static var device: Self { Self(Int(NFTA_HOOK_DEV.rawValue)) }
}
extension AttributeKey where Space == FilterRule, Value == String {
    static var table: Self { Self(Int(NFTA_RULE_TABLE.rawValue)) }
    static var chain: Self { Self(Int(NFTA_RULE_CHAIN.rawValue)) }
}
extension NestKey where Space == FilterRule, Inner == ExpressionList {
    static var expressions: Self { Self(Int(NFTA_RULE_EXPRESSIONS.rawValue)) }
}
extension NestKey where Space == ExpressionList, Inner == Expression {
    static var element: Self { Self(Int(NFTA_LIST_ELEM.rawValue)) }
}
extension AttributeKey where Space == Expression, Value == String {
    static var name: Self { Self(Int(NFTA_EXPR_NAME.rawValue)) }
}
extension NestKey where Space == Expression, Inner == MetaExpression {
    static var meta: Self { Self(Int(NFTA_EXPR_DATA.rawValue)) }
}
extension NestKey where Space == Expression, Inner == PayloadExpression {
    static var payload: Self { Self(Int(NFTA_EXPR_DATA.rawValue)) }
}
extension NestKey where Space == Expression, Inner == CompareExpression {
    static var compare: Self { Self(Int(NFTA_EXPR_DATA.rawValue)) }
}
extension NestKey where Space == Expression, Inner == ImmediateExpression {
    static var immediate: Self { Self(Int(NFTA_EXPR_DATA.rawValue)) }
}
extension AttributeKey where Space == MetaExpression, Value == BigEndian {
    static var target: Self { Self(Int(NFTA_META_DREG.rawValue)) }
    static var key: Self { Self(Int(NFTA_META_KEY.rawValue)) }
}
extension AttributeKey where Space == PayloadExpression, Value == BigEndian {
    static var target: Self { Self(Int(NFTA_PAYLOAD_DREG.rawValue)) }
    static var base: Self { Self(Int(NFTA_PAYLOAD_BASE.rawValue)) }
    static var offset: Self { Self(Int(NFTA_PAYLOAD_OFFSET.rawValue)) }
    static var length: Self { Self(Int(NFTA_PAYLOAD_LEN.rawValue)) }
}
extension AttributeKey where Space == CompareExpression, Value == BigEndian {
    static var source: Self { Self(Int(NFTA_CMP_SREG.rawValue)) }
    static var operation: Self { Self(Int(NFTA_CMP_OP.rawValue)) }
}
extension NestKey where Space == CompareExpression, Inner == ExpressionData {
    static var data: Self { Self(Int(NFTA_CMP_DATA.rawValue)) }
}
extension AttributeKey where Space == ExpressionData, Value == Octets {
    static var value: Self { Self(Int(NFTA_DATA_VALUE.rawValue)) }
}
extension NestKey where Space == ExpressionData, Inner == VerdictData {
    static var verdict: Self { Self(Int(NFTA_DATA_VERDICT.rawValue)) }
}
extension AttributeKey where Space == VerdictData, Value == BigEndian {
    static var code: Self { Self(Int(NFTA_VERDICT_CODE.rawValue)) }
}
extension AttributeKey where Space == ImmediateExpression, Value == BigEndian {
    static var target: Self { Self(Int(NFTA_IMMEDIATE_DREG.rawValue)) }
}
extension NestKey where Space == ImmediateExpression, Inner == ExpressionData {
    static var data: Self { Self(Int(NFTA_IMMEDIATE_DATA.rawValue)) }
}
