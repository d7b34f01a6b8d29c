use modelbond_tests::{Suite,Order};
#[test]
fn probe() {
    let mut s = Suite::builder().with_balance("alice", 10u128.pow(13)).build();
    println!("{:?}", s.opened);
    println!("{:#?}", s.price());
    println!("{:#?}", s.quote_buy(1_000_000_000,false));
    println!("{:#?}", s.buy_with("alice",1_000_000_000,Order::PARTIAL));
    println!("{:#?}", s.ledgers());
    println!("{:#?}", s.account("alice"));
    s.wait_for_unlock();
    println!("{:#?}", s.leave("alice"));
    println!("{:#?}", s.ledgers());
    println!("{:?}", s.buy_with("alice",1_000_000_000,Order::PARTIAL.min_out(10u128.pow(18))));
}
